-- 公开05表 一般公共预算财政拨款支出决算表, as printed.
{{ printed_form(
    'f05',
    [
        ('科目代码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('本年支出_小计', 1, 'total'),
        ('本年支出_基本支出', 1, 'basic'),
        ('本年支出_项目支出', 1, 'project')
    ]
) }}
