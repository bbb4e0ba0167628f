-- Which identities each document owes, and for one that cannot be judged at all, why.
with documents as (
    select * from {{ ref('int_documents_identified') }}
),

identities as (
    select * from {{ ref('identities') }}
),

statements as (
    select * from {{ ref('statements') }}
),

tables as (
    select
        document_id,
        statement_code,
        -- Set aside once is set aside: two tables of one kind are both.
        max(case when state = 'set_aside' then 1 else 0 end) as has_set_aside,
        max(case when state = 'data' then 1 else 0 end) as has_data,
        max(case when state = 'declared_empty' then 1 else 0 end) as has_declaration
    from {{ ref('stg_tables') }}
    group by document_id, statement_code
),

involved as (
    select distinct identity_id, statement_code from {{ ref('identity_terms') }}
),

conditions as (
    select * from {{ ref('int_identity_conditions') }}
),

final as (
    select
        documents.document_id,
        identities.identity_id,
        case
            when not bool_and(conditions.is_met) then 'not_owed'
            when count(*) filter (where tables.document_id is null) > 0 then 'table_missing'
            when max(tables.has_set_aside) = 1 then 'table_set_aside'
            when max(identities.condition) is not null and bool_and(conditions.is_met) is null
                then 'condition_unknown'
            when max(tables.has_data) = 1 then null
            when max(tables.has_declaration) = 1 then 'declared_empty'
            else 'no_figures'
        end as obstacle
    from documents
    inner join statements on documents.document_kind = statements.document_kind
    inner join identities on statements.statement_code = identities.statement_code
    inner join involved on identities.identity_id = involved.identity_id
    left join tables
        on
            documents.document_id = tables.document_id
            and involved.statement_code = tables.statement_code
    left join conditions
        on
            documents.document_id = conditions.document_id
            and identities.condition = conditions.condition
    group by documents.document_id, identities.identity_id
)

select * from final
