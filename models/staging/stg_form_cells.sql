-- The figures of the performance forms: still text, each with its line.
with source as (
    select * from {{ source('raw', 'form_cells') }}
),

final as (
    select
        document_id,
        form_no,
        line_no,
        block,
        row_code,
        column_code,
        nullif(printed_label, '') as printed_label,
        printed_value,
        page_no
    from source
)

select * from final
