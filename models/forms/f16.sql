-- 政府采购支出决算表, as printed.
{{ printed_form(
    'f16',
    [
        ('项目', 1, 'printed_label')
    ],
    [
        ('合计', 1, 'total'),
        ('一般公共预算', 1, 'general_public_budget'),
        ('政府性基金预算', 1, 'government_fund_budget'),
        ('国有资本经营预算', 1, 'state_capital_budget'),
        ('其他资金', 1, 'unit_funds')
    ]
) }}
