-- 表八 政府性基金预算支出表（不含上年结转）, as printed.
{{ printed_form(
    'b08',
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
