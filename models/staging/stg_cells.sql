-- The printed figures of the tables: still text, each with its line.
with source as (
    select * from {{ source('raw', 'cells') }}
),

final as (
    select
        document_id,
        statement_code,
        line_no,
        block_no,
        column_code,
        block,
        row_code,
        unit_of_measure,
        nullif(printed_label, '') as printed_label,
        printed_column,
        printed_amount,
        page_no
    from source
)

select * from final
