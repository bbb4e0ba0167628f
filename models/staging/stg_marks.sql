-- The dashes that stand where an amount would: neither a blank nor a zero.
with source as (
    select * from {{ source('raw', 'marks') }}
),

final as (
    select
        document_id,
        statement_code,
        line_no,
        block_no,
        column_code,
        printed_mark
    from source
)

select * from final
