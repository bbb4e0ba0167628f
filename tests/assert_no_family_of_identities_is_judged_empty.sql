-- Where a document states figures that tables answer to, or prints a performance form that was read, the
-- family of identities that looks at them has judged something. Counted from what was read.
with owed as (
    select distinct claims.document_id, 'narrative' as family
    from {{ source('raw', 'claims') }} as claims
    inner join {{ ref('claim_cells') }} as claim_cells
        on claims.item = claim_cells.item and claims.measure = claim_cells.measure
    inner join {{ source('raw', 'cells') }} as cells
        on claims.document_id = cells.document_id and claim_cells.statement_code = cells.statement_code

    union

    select distinct
        document_id,
        case when left(statement_code, 1) = 'e' then 'self_evaluation' else 'performance' end as family
    from {{ source('raw', 'forms') }}
    where state = 'read'
),

final as (
    select owed.document_id, owed.family, coverage.owed_count, coverage.reasons
    from owed
    left join {{ ref('rpt_identity_coverage') }} as coverage
        on owed.document_id = coverage.document_id and owed.family = coverage.family
    where coalesce(coverage.judged_count, 0) = 0
)

select * from final
