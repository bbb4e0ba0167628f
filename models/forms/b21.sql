-- 部门收入总表（按单位）, as printed.
{{ printed_form(
    'b21',
    [
        ('部门（单位）代码', 1, 'printed_code'),
        ('部门（单位）名称', 1, 'printed_label')
    ],
    [
        ('合计', 1, 'grand_total'),
        ('本年收入_小计', 1, 'total'),
        ('本年收入_财政拨款收入', 1, 'fiscal_appropriation'),
        ('本年收入_一般公共预算', 1, 'general_public_budget'),
        ('本年收入_政府性基金预算', 1, 'government_fund_budget'),
        ('本年收入_国有资本经营预算', 1, 'state_capital_budget'),
        ('本年收入_财政专户管理资金', 1, 'fiscal_special_account'),
        ('本年收入_单位资金', 1, 'unit_funds'),
        ('本年收入_事业收入', 1, 'institution_income'),
        ('本年收入_事业单位经营收入', 1, 'operating_income'),
        ('本年收入_上级补助收入', 1, 'superior_subsidy'),
        ('本年收入_附属单位上缴收入', 1, 'affiliate_remittance'),
        ('本年收入_其他收入', 1, 'other_income'),
        ('上年结转结余_小计', 1, 'carryover'),
        ('上年结转结余_一般公共预算', 1, 'carryover_general_public_budget'),
        ('上年结转结余_政府性基金预算', 1, 'carryover_government_fund_budget'),
        ('上年结转结余_国有资本经营预算', 1, 'carryover_state_capital_budget'),
        ('上年结转结余_财政专户管理资金', 1, 'carryover_fiscal_special_account'),
        ('上年结转结余_单位资金', 1, 'carryover_unit_funds')
    ]
) }}
