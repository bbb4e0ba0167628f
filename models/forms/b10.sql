-- 表十 财政拨款安排“三公”经费支出预算表, as printed.
{{ printed_form(
    'b10',
    [
        ('项目', 1, 'printed_label')
    ],
    [
        ('预算数_合计', 1, 'total'),
        ('预算数_一般公共预算', 1, 'general_public_budget'),
        ('预算数_政府性基金预算', 1, 'government_fund_budget'),
        ('预算数_国有资本经营预算', 1, 'state_capital_budget')
    ]
) }}
