-- The labels of the forms beside which figures may stand, printed or blank.
with source as (
    select * from {{ source('raw', 'form_rows') }}
),

final as (
    select
        document_id,
        form_no,
        line_no,
        block,
        row_code,
        nullif(printed_label, '') as printed_label,
        page_no
    from source
)

select * from final
