-- 表九 国有资本经营预算收支预算表（不含上年结转）, as printed.
{{ printed_form(
    'b09',
    [
        ('国有资本经营预算收入_项目_收入科目编码', 'income', 'printed_code'),
        ('国有资本经营预算收入_项目_科目名称', 'income', 'printed_label'),
        ('国有资本经营预算支出_科目编码', 'expenditure', 'printed_code'),
        ('国有资本经营预算支出_科目名称', 'expenditure', 'printed_label')
    ],
    [
        ('国有资本经营预算收入_国有资本经营收入预算', 'income', 'total'),
        ('国有资本经营预算支出_合计', 'expenditure', 'total'),
        ('国有资本经营预算支出_基本支出', 'expenditure', 'basic'),
        ('国有资本经营预算支出_项目支出', 'expenditure', 'project')
    ]
) }}
