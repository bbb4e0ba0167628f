-- 财政拨款基本支出预算表, as printed.
{{ printed_form(
    'b18',
    [
        ('科目编码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('金额', 1, 'total')
    ]
) }}
