-- 公开09表 财政拨款“三公”经费支出决算表, as printed.
{{ printed_form(
    'f09',
    [],
    [
        ('预算数_合计', 1, 'budget_total'),
        ('预算数_因公出国境费', 1, 'budget_travel_abroad'),
        ('预算数_公务用车购置及运行维护费_小计', 1, 'budget_vehicles'),
        ('预算数_公务用车购置及运行维护费_公务用车购置费', 1, 'budget_vehicle_purchase'),
        ('预算数_公务用车购置及运行维护费_公务用车运行维护费', 1, 'budget_vehicle_running'),
        ('预算数_公务接待费', 1, 'budget_hospitality'),
        ('决算数_合计', 1, 'final_total'),
        ('决算数_因公出国境费', 1, 'final_travel_abroad'),
        ('决算数_公务用车购置及运行维护费_小计', 1, 'final_vehicles'),
        ('决算数_公务用车购置及运行维护费_公务用车购置费', 1, 'final_vehicle_purchase'),
        ('决算数_公务用车购置及运行维护费_公务用车运行维护费', 1, 'final_vehicle_running'),
        ('决算数_公务接待费', 1, 'final_hospitality'),
        ('预算数_合计含会议费培训费', 1, 'budget_with_meetings'),
        ('预算数_会议费', 1, 'budget_meetings'),
        ('预算数_培训费', 1, 'budget_training'),
        ('决算数_合计含会议费培训费', 1, 'final_with_meetings'),
        ('决算数_会议费', 1, 'final_meetings'),
        ('决算数_培训费', 1, 'final_training')
    ]
) }}
