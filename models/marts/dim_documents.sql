-- The disclosures: one row a document, whatever became of it later.
with documents as (
    select * from {{ ref('int_documents_identified') }}
),

tables as (
    select
        document_id,
        count(*) as table_count,
        count(*) filter (where state = 'set_aside') as set_aside_count
    from {{ ref('stg_tables') }}
    group by document_id
),

final as (
    select
        documents.document_id,
        documents.unit_id,
        documents.fiscal_year,
        documents.document_kind,
        documents.scope,
        documents.revision,
        cast(coalesce(tables.table_count, 0) as integer) as table_count,
        cast(coalesce(tables.set_aside_count, 0) as integer) as set_aside_count,
        documents.is_current,
        documents.printed_title,
        documents.printed_unit_name,
        documents.source_name,
        documents.source_sha256
    from documents
    left join tables on documents.document_id = tables.document_id
)

select * from final
