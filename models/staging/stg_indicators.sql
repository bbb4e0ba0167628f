-- The performance indicators: names and values as printed, each with its line.
with source as (
    select * from {{ source('raw', 'indicators') }}
),

final as (
    select
        document_id,
        form_no,
        line_no,
        block,
        nullif(level_1, '') as level_1,
        nullif(level_2, '') as level_2,
        nullif(printed_name, '') as printed_name,
        printed_target,
        printed_initial,
        printed_adjusted,
        printed_actual,
        printed_weight,
        printed_score,
        page_no
    from source
)

select * from final
