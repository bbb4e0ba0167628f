-- 支出预算总表（按用途）, as printed.
{{ printed_form(
    'b16',
    [],
    [
        ('合计', 1, 'total'),
        ('基本支出', 1, 'basic'),
        ('项目支出', 1, 'project'),
        ('单位预留机动经费', 1, 'reserve'),
        ('结转下年资金', 1, 'carryover_out')
    ]
) }}
