-- The official tables: what each is called and what it is authoritative for.
with final as (
    select
        statement_code,
        document_kind,
        statement_number,
        statement_name,
        statement_name_en,
        authoritative_for
    from {{ ref('statements') }}
)

select * from final
