-- The figures that the narrative states.
with source as (
    select * from {{ source('raw', 'claims') }}
),

final as (
    select
        document_id,
        line_no,
        section,
        item,
        measure,
        printed_value,
        unit_of_measure,
        sign,
        page_no
    from source
)

select * from final
