-- Each performance indicator with its values taken apart: sign, number, unit; full score and score.
with indicators as (
    select
        *,
        -- What an evaluation aims at is the adjusted target; the initial one is mostly its unit alone.
        coalesce(printed_target, printed_adjusted) as printed_aim
    from {{ ref('stg_indicators') }}
),

split as (
    select
        *,
        {{ read_operator('printed_aim') }} as aim_operator,
        {{ read_magnitude('printed_aim', 1) }} as aim_number,
        {{ read_magnitude('printed_aim', 3) }} as aim_unit,
        {{ read_magnitude('printed_actual', 1) }} as actual_number,
        {{ read_magnitude('printed_actual', 3) }} as actual_unit
    from indicators
),

told as (
    select
        *,
        -- 2026年底 is a date; ≥9月 are nine months.
        coalesce(aim_number, '') != '' and not ({{ is_date_unit('aim_unit') }} and aim_operator is null)
            as has_aim,
        coalesce(actual_number, '') != '' and not {{ is_date_unit('actual_unit') }} as has_actual
    from split
),

final as (
    select
        document_id,
        form_no,
        line_no,
        block,
        level_1,
        level_2,
        printed_name as indicator_name,
        case
            when has_aim then aim_operator
            when printed_aim is not null then 'qualitative'
        end as operator,
        case when has_aim then cast({{ read_amount('aim_number') }} as decimal(24, 6)) end as target_value,
        case when has_aim then nullif(aim_unit, '') end as unit_of_measure,
        case
            when has_actual then cast({{ read_amount('actual_number') }} as decimal(24, 6))
        end as actual_value,
        cast({{ read_amount('printed_weight') }} as decimal(9, 2)) as full_score,
        cast({{ read_amount('printed_score') }} as decimal(9, 2)) as score,
        printed_aim as printed_target,
        printed_initial,
        printed_actual,
        printed_weight,
        printed_score,
        page_no
    from told
)

select * from final
