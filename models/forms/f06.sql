-- 公开06表 一般公共预算财政拨款基本支出决算明细表, as printed.
{{ printed_form(
    'f06',
    [
        ('人员经费_科目代码', 1, 'printed_code'),
        ('人员经费_科目名称', 1, 'printed_label'),
        ('公用经费_科目代码', 2, 'printed_code'),
        ('公用经费_科目名称', 2, 'printed_label'),
        ('公用经费_科目代码_2', 3, 'printed_code'),
        ('公用经费_科目名称_2', 3, 'printed_label'),
        ('公用经费_科目代码_3', 4, 'printed_code'),
        ('公用经费_科目名称_3', 4, 'printed_label')
    ],
    [
        ('人员经费_决算数', 1, 'amount'),
        ('公用经费_决算数', 2, 'amount'),
        ('公用经费_决算数_2', 3, 'amount'),
        ('公用经费_决算数_3', 4, 'amount')
    ]
) }}
