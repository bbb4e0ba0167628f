-- The layout that each document is printed in, as most of its tables are, and what that layout prints.
with templates as (
    select
        document_id,
        -- A template is named by its statement and its layout: b03_shanghai.
        substr(template, length(statement_code) + 2) as layout,
        count(*) as table_count
    from {{ ref('stg_tables') }}
    where template is not null
    group by all
),

document_layouts as (
    select document_id, layout
    from templates
    qualify row_number() over (partition by document_id order by table_count desc, layout asc) = 1
),

layouts as (
    select * from {{ ref('layouts') }}
),

statements as (
    select * from {{ ref('statements') }}
),

documents as (
    select * from {{ ref('int_documents_identified') }}
),

final as (
    select
        documents.document_id,
        document_layouts.layout,
        layouts.statement_code
    from documents
    inner join document_layouts on documents.document_id = document_layouts.document_id
    inner join layouts on document_layouts.layout = layouts.layout
    inner join statements
        on
            layouts.statement_code = statements.statement_code
            and documents.document_kind = statements.document_kind
)

select * from final
