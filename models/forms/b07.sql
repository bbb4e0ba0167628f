-- 表七 政府性基金预算收入表（不含上年结转）, as printed.
{{ printed_form(
    'b07',
    [
        ('收入科目编码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('政府性基金收入预算', 1, 'total')
    ]
) }}
