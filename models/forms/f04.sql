-- 公开04表 财政拨款收入支出决算总表, as printed.
{{ printed_form(
    'f04',
    [
        ('收入_项目', 1, 'printed_label'),
        ('支出_项目', 2, 'printed_label')
    ],
    [
        ('收入_金额', 1, 'amount'),
        ('支出_合计', 2, 'total'),
        ('支出_一般公共预算财政拨款', 2, 'general_public_budget'),
        ('支出_政府性基金预算财政拨款', 2, 'government_fund_budget'),
        ('支出_国有资本经营预算财政拨款', 2, 'state_capital_budget')
    ]
) }}
