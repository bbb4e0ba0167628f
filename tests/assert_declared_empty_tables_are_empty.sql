-- A table that the publisher declares empty prints no money but zeros.
with declared as (
    select document_id, statement_code
    from {{ source('raw', 'tables') }}
    where state = 'declared_empty'
),

final as (
    select
        amounts.document_id,
        amounts.statement_code,
        amounts.line_no,
        amounts.printed_label,
        amounts.printed_amount
    from {{ ref('fct_amounts') }} as amounts
    inner join declared
        on
            amounts.document_id = declared.document_id
            and amounts.statement_code = declared.statement_code
    where amounts.amount_yuan != 0
)

select * from final
