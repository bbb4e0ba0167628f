-- “三公”经费、会议费和培训费相关统计数, as printed: two pairs side by side.
{{ printed_form(
    'f17',
    [
        ('项目', 1, 'printed_label'),
        ('项目_2', 2, 'printed_label')
    ],
    [
        ('统计数', 1, 'amount'),
        ('统计数_2', 2, 'amount')
    ]
) }}
