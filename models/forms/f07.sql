-- 公开07表 政府性基金预算财政拨款收入支出决算表, as printed.
{{ printed_form(
    'f07',
    [
        ('科目代码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('年初结转和结余', 1, 'opening'),
        ('本年收入', 1, 'income'),
        ('本年支出_小计', 1, 'expenditure'),
        ('本年支出_基本支出', 1, 'basic'),
        ('本年支出_项目支出', 1, 'project'),
        ('年末结转和结余', 1, 'closing')
    ]
) }}
