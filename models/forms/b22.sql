-- 项目支出表（按项目）, as printed.
{{ printed_form(
    'b22',
    [
        ('项目名称', 1, 'printed_label'),
        ('类型或项目单位', 1, 'printed_beside')
    ],
    [
        ('合计', 1, 'total'),
        ('一般公共预算', 1, 'general_public_budget'),
        ('政府性基金预算', 1, 'government_fund_budget'),
        ('国有资本经营预算', 1, 'state_capital_budget'),
        ('财政专户管理资金', 1, 'fiscal_special_account'),
        ('单位资金', 1, 'unit_funds'),
        ('上年结转', 1, 'carryover'),
        ('上年结转_一般公共预算', 1, 'carryover_general_public_budget'),
        ('上年结转_政府性基金预算', 1, 'carryover_government_fund_budget'),
        ('上年结转_国有资本经营预算', 1, 'carryover_state_capital_budget')
    ]
) }}
