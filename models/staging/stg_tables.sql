-- The official tables that were found, with the state each was found in.
with source as (
    select * from {{ source('raw', 'tables') }}
),

final as (
    select
        document_id,
        statement_code,
        template,
        state,
        unit_of_money,
        printed_title,
        title_line_no,
        last_line_no,
        unit_line_no
    from source
)

select * from final
