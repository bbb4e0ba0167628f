-- The figures that the narrative states: still text, each with its line.
with source as (
    select * from {{ source('raw', 'claims') }}
),

final as (
    select
        document_id,
        line_no,
        position_no,
        section,
        item,
        nullif(printed_label, '') as printed_label,
        measure,
        printed_value,
        unit_of_measure,
        sign,
        page_no
    from source
)

select * from final
