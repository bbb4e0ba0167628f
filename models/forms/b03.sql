-- 表三 预算支出总表, as printed.
{{ printed_form(
    'b03',
    [
        ('科目编码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('预算数_合计', 1, 'total'),
        ('预算数_基本支出', 1, 'basic'),
        ('预算数_项目支出', 1, 'project')
    ]
) }}
