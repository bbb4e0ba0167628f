-- 财政拨款支出决算表, as printed.
{{ printed_form(
    'f11',
    [
        ('科目编码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('合计', 1, 'total'),
        ('基本支出', 1, 'basic'),
        ('项目支出', 1, 'project')
    ]
) }}
