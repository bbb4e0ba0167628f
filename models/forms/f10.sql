-- 公开10表 部门决算公开相关信息统计表, as printed.
{{ printed_form(
    'f10',
    [
        ('项目', 1, 'printed_label')
    ],
    [
        ('统计数', 1, 'amount')
    ]
) }}
