-- The amount columns of the tables, with their headers as printed.
with source as (
    select * from {{ source('raw', 'columns') }}
),

final as (
    select
        document_id,
        statement_code,
        block,
        column_code,
        column_no,
        printed_column
    from source
)

select * from final
