-- The official tables, and the performance forms annexed to them: what each is called and authoritative for.
with final as (
    select
        statement_code,
        document_kind,
        statement_number,
        statement_name,
        statement_name_en,
        authoritative_for
    from {{ ref('statements') }}

    union all

    select
        form_code as statement_code,
        document_kind,
        form_number as statement_number,
        form_name as statement_name,
        form_name_en as statement_name_en,
        null as authoritative_for
    from {{ ref('form_kinds') }}
)

select * from final
