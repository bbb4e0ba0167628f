-- 公开05表 一般公共预算财政拨款支出决算表, as printed.
{{ printed_form(
    'f05',
    [
        ('科目代码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('本年支出_小计', 1, 'total'),
        ('本年支出_基本支出', 1, 'basic'),
        ('本年支出_项目支出', 1, 'project'),
        ('年初结转和结余', 1, 'opening'),
        ('年初结转_基本支出', 1, 'opening_basic'),
        ('年初结转_项目支出', 1, 'opening_project'),
        ('本年收入', 1, 'income'),
        ('本年收入_基本支出', 1, 'income_basic'),
        ('本年收入_项目支出', 1, 'income_project'),
        ('年末结转和结余', 1, 'closing'),
        ('年末结转_基本支出', 1, 'closing_basic'),
        ('年末结转和结余_项目支出', 1, 'closing_project'),
        ('年末项目支出结转', 1, 'closing_project_carried'),
        ('年末项目支出结余', 1, 'closing_project_surplus')
    ]
) }}
