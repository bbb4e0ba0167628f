-- 公开03表 支出决算表, as printed.
{{ printed_form(
    'f03',
    [
        ('科目代码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('本年支出合计', 1, 'total'),
        ('基本支出', 1, 'basic'),
        ('项目支出', 1, 'project'),
        ('上缴上级支出', 1, 'remitted_to_superior'),
        ('经营支出', 1, 'operating'),
        ('对附属单位补助支出', 1, 'affiliate_subsidy')
    ]
) }}
