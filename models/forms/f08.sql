-- 公开08表 国有资本经营预算财政拨款支出决算表, as printed.
{{ printed_form(
    'f08',
    [
        ('科目代码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('本年支出_合计', 1, 'total'),
        ('本年支出_基本支出', 1, 'basic'),
        ('本年支出_项目支出', 1, 'project'),
        ('年初结转和结余', 1, 'opening'),
        ('本年收入', 1, 'income'),
        ('年末结转和结余', 1, 'closing'),
        ('年初结转_基本支出', 1, 'opening_basic'),
        ('年初结转_项目支出', 1, 'opening_project'),
        ('本年收入_基本支出', 1, 'income_basic'),
        ('本年收入_项目支出', 1, 'income_project'),
        ('年末结转_基本支出', 1, 'closing_basic'),
        ('年末结转和结余_项目支出', 1, 'closing_project'),
        ('年末项目支出结转', 1, 'closing_project_carried'),
        ('年末项目支出结余', 1, 'closing_project_surplus'),
        ('年初结转', 1, 'opening_carried'),
        ('年初结余', 1, 'opening_surplus'),
        ('年末结转', 1, 'closing_carried'),
        ('年末结余', 1, 'closing_surplus')
    ]
) }}
