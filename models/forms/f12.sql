-- 财政拨款基本支出决算表, as printed.
{{ printed_form(
    'f12',
    [
        ('科目编码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('合计', 1, 'total'),
        ('人员经费', 1, 'personnel'),
        ('公用经费', 1, 'public')
    ]
) }}
