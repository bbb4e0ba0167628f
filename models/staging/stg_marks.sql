-- What stands where an amount would: a dash is neither a blank nor a zero, a word of the header leaves no room.
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
