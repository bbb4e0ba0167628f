-- 政府采购支出预算表, as printed.
{{ printed_form(
    'b20',
    [
        ('项目', 1, 'printed_label'),
        ('经济科目或采购组织形式', 1, 'printed_beside')
    ],
    [
        ('总计', 1, 'total')
    ]
) }}
