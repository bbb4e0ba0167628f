-- 财政拨款机关运行经费支出决算表, as printed.
{{ printed_form(
    'f15',
    [
        ('科目编码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('机关运行经费支出', 1, 'total')
    ]
) }}
