-- 表一 预算收支总表, as printed.
{{ printed_form(
    'b01',
    [
        ('收入_项目', 1, 'printed_label'),
        ('支出_项目', 2, 'printed_label'),
        ('支出用途_项目', 3, 'printed_label')
    ],
    [
        ('收入_预算数', 1, 'amount'),
        ('支出_合计', 2, 'total'),
        ('支出_当年预算安排', 2, 'current'),
        ('支出_上年结转安排', 2, 'carryover'),
        ('支出用途_金额', 3, 'total')
    ]
) }}
