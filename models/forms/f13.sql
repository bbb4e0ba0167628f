-- “三公”经费、机关运行经费情况表（逐项列示）, as printed.
{{ printed_form(
    'f13',
    [
        ('项目', 'main', 'printed_label')
    ],
    [
        ('年初预算数', 'main', 'initial'),
        ('全年预算数', 'main', 'adjusted'),
        ('决算统计数', 'main', 'final')
    ]
) }}
