-- 表四 财政拨款收支总表, as printed.
{{ printed_form(
    'b04',
    [
        ('收入_项目', 1, 'printed_label'),
        ('支出_项目', 2, 'printed_label')
    ],
    [
        ('收入_金额', 1, 'amount'),
        ('支出_金额_小计', 2, 'total'),
        ('支出_金额_一般公共预算', 2, 'general_public_budget'),
        ('支出_金额_政府性基金预算', 2, 'government_fund_budget'),
        ('支出_金额_国有资本经营预算', 2, 'state_capital_budget')
    ]
) }}
