-- 财政拨款支出预算表, as printed.
{{ printed_form(
    'b17',
    [
        ('功能科目代码', 1, 'printed_code'),
        ('功能科目名称', 1, 'printed_label')
    ],
    [
        ('合计', 1, 'total'),
        ('基本支出', 1, 'basic'),
        ('项目支出', 1, 'project')
    ]
) }}
