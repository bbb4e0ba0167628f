-- 收入预算总表（按来源）, as printed.
{{ printed_form(
    'b15',
    [
        ('资金', 1, 'printed_beside'),
        ('项目名称', 1, 'printed_label')
    ],
    [
        ('金额', 1, 'amount')
    ]
) }}
