-- 公开02表 收入决算表, as printed.
{{ printed_form(
    'f02',
    [
        ('科目代码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('本年收入合计', 1, 'total'),
        ('财政拨款收入', 1, 'fiscal_appropriation'),
        ('上级补助收入', 1, 'superior_subsidy'),
        ('事业收入', 1, 'institution_income'),
        ('经营收入', 1, 'operating_income'),
        ('附属单位上缴收入', 1, 'affiliate_remittance'),
        ('其他收入', 1, 'other_income')
    ]
) }}
