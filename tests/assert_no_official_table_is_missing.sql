-- Every current document has all official tables that publishers of its layout print, if only declared empty.
with owed as (
    select documents.document_id, statements.statement_code, statements.statement_name
    from {{ ref('dim_documents') }} as documents
    inner join {{ ref('int_document_layouts') }} as layouts on documents.document_id = layouts.document_id
    inner join {{ ref('statements') }} as statements on layouts.statement_code = statements.statement_code
    where documents.is_current
),

found as (
    select distinct document_id, statement_code from {{ source('raw', 'tables') }}
),

final as (
    select owed.document_id, owed.statement_code, owed.statement_name
    from owed
    left join found on owed.document_id = found.document_id and owed.statement_code = found.statement_code
    where found.document_id is null
)

select * from final
