-- 政府采购支出预算表, as printed.
{{ printed_form(
    'b20',
    [
        ('项目', 1, 'printed_label'),
        ('经济科目或采购组织形式', 1, 'printed_beside')
    ],
    [
        ('总计', 1, 'total'),
        ('一般公共预算', 1, 'general_public_budget'),
        ('政府性基金预算', 1, 'government_fund_budget'),
        ('国有资本经营预算', 1, 'state_capital_budget'),
        ('财政专户管理资金', 1, 'fiscal_special_account'),
        ('其他资金', 1, 'unit_funds'),
        ('上年结转', 1, 'carryover')
    ]
) }}
