-- Each disclosure with the budget unit that published it, and whether a later version replaced it.
with documents as (
    select * from {{ ref('stg_documents') }}
),

units as (
    select * from {{ ref('units') }}
),

final as (
    select
        documents.document_id,
        -- A unit that the list of units lacks is known by its printed name, so that nothing is lost.
        coalesce(units.unit_id, 'unlisted:' || {{ fold_words('documents.printed_unit_name') }}) as unit_id,
        documents.fiscal_year,
        documents.document_kind,
        documents.scope,
        documents.promised_tables,
        documents.revision,
        {{ fold_words('documents.printed_unit_name') }} as unit_name,
        documents.printed_unit_name,
        documents.printed_title,
        documents.source_name,
        documents.source_sha256,
        documents.line_count,
        units.unit_id is not null as is_listed,
        documents.revision = max(documents.revision) over (
            partition by
                {{ fold_words('documents.printed_unit_name') }},
                documents.fiscal_year,
                documents.document_kind,
                documents.scope
        ) as is_current
    from documents
    left join units on {{ fold_words('documents.printed_unit_name') }} = {{ fold_words('units.unit_name') }}
)

select * from final
