-- 表十二 项目支出预算表（本年预算）, as printed.
{{ printed_form(
    'b12',
    [
        ('项目名称', 1, 'printed_label')
    ],
    [
        ('合计', 1, 'total'),
        ('财政拨款_一般公共预算', 1, 'general_public_budget'),
        ('财政拨款_政府性基金预算', 1, 'government_fund_budget'),
        ('财政拨款_国有资本经营预算', 1, 'state_capital_budget'),
        ('财政专户管理资金', 1, 'fiscal_special_account'),
        ('单位资金', 1, 'unit_funds')
    ]
) }}
