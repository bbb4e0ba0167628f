-- The official tables that stand in each document, under the code that each has; one without a code of its
-- own, set aside or empty below an ambiguous title, under each code that it may have.
with tables as (
    select * from {{ ref('stg_tables') }}
),

possible as (
    select
        document_id,
        state,
        statement_code as printed_code,
        {{ split_words('statement_code', '|') }} as statement_code
    from tables
),

final as (
    select
        possible.document_id,
        possible.statement_code,
        possible.state
    from possible
    left join tables
        on
            possible.document_id = tables.document_id
            and possible.statement_code = tables.statement_code
            and possible.printed_code != tables.statement_code
    -- What another table of the document is, this one is not.
    where tables.document_id is null
)

select * from final
