-- 表六 一般公共预算安排基本支出分经济科目表（不含上年结转）, as printed.
{{ printed_form(
    'b06',
    [
        ('部门预算支出经济科目名称', 1, 'printed_label'),
        ('政府预算支出经济科目名称', 1, 'printed_beside')
    ],
    [
        ('预算数_合计', 1, 'total'),
        ('预算数_人员经费', 1, 'personnel'),
        ('预算数_公用经费', 1, 'public')
    ]
) }}
