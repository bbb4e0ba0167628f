-- 表十一 财政拨款安排机关运行经费预算表, as printed.
{{ printed_form(
    'b11',
    [
        ('单位名称', 1, 'printed_label')
    ],
    [
        ('预算数_合计', 1, 'total'),
        ('预算数_一般公共预算', 1, 'general_public_budget'),
        ('预算数_政府性基金预算', 1, 'government_fund_budget'),
        ('预算数_国有资本经营预算', 1, 'state_capital_budget')
    ]
) }}
