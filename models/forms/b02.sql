-- 表二 预算收入总表, as printed.
{{ printed_form(
    'b02',
    [
        ('科目编码', 1, 'printed_code'),
        ('科目名称', 1, 'printed_label')
    ],
    [
        ('本年收入_合计', 1, 'total'),
        ('本年收入_一般公共预算', 1, 'general_public_budget'),
        ('本年收入_政府性基金', 1, 'government_fund_budget'),
        ('本年收入_国有资本经营预算', 1, 'state_capital_budget'),
        ('本年收入_财政专户管理资金', 1, 'fiscal_special_account'),
        ('本年收入_单位资金', 1, 'unit_funds'),
        ('上年结转', 1, 'carryover'),
        ('财政拨款收入', 1, 'fiscal_appropriation'),
        ('上级补助收入', 1, 'superior_subsidy'),
        ('事业收入', 1, 'institution_income'),
        ('事业收入_教育收费', 1, 'education_fees'),
        ('经营收入', 1, 'operating_income'),
        ('附属单位上缴收入', 1, 'affiliate_remittance'),
        ('其他收入', 1, 'other_income')
    ]
) }}
