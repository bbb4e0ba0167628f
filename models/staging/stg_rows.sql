-- The printed rows of the tables; a two-sided line is two rows.
with source as (
    select * from {{ source('raw', 'rows') }}
),

final as (
    select
        document_id,
        statement_code,
        line_no,
        block_no,
        block,
        amount_block_no,
        row_code,
        unit_of_measure,
        nullif(printed_code, '') as printed_code,
        nullif(printed_label, '') as printed_label,
        nullif(printed_beside, '') as printed_beside,
        page_no
    from source
)

select * from final
