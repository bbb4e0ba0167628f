-- 公开01表 收入支出决算总表, as printed.
{{ printed_form(
    'f01',
    [
        ('收入_项目', 1, 'printed_label'),
        ('支出_项目', 2, 'printed_label'),
        ('支出性质_项目', 3, 'printed_label')
    ],
    [
        ('收入_金额', 1, 'amount'),
        ('支出_金额', 2, 'amount'),
        ('支出性质_金额', 3, 'amount')
    ]
) }}
