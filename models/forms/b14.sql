-- “三公”经费及相关经费预算表（各项并列）, as printed.
{{ printed_form(
    'b14',
    [],
    [
        ('合计', 1, 'total'),
        ('“三公”经费合计', 1, 'three_public'),
        ('因公出国（境）费', 1, 'travel_abroad'),
        ('公务接待费', 1, 'hospitality'),
        ('公务用车_小计', 1, 'vehicles'),
        ('公务用车_购置费', 1, 'vehicle_purchase'),
        ('公务用车_运行费', 1, 'vehicle_running'),
        ('机关运行经费', 1, 'operating_cost'),
        ('会议费', 1, 'meetings'),
        ('培训费', 1, 'training')
    ]
) }}
