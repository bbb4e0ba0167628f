-- Each document has a verdict on each identity of its kind, and on none of another kind.
-- What is owed is counted from the seeds, not from the model that the verdicts come from.
with owed as (
    select documents.document_id, identities.identity_id
    from {{ source('raw', 'documents') }} as documents
    inner join {{ ref('statements') }} as statements on documents.document_kind = statements.document_kind
    inner join {{ ref('identities') }} as identities on statements.statement_code = identities.statement_code
),

verdicts as (
    select
        document_id,
        identity_id,
        count(*) as verdict_count,
        -- Of a performance form alone, an identity may be not assessable while others of it are judged.
        count(*) filter (where verdict = 'not_assessable' and instance = 'document') as not_assessable_count
    from {{ ref('fct_identity_checks') }}
    group by document_id, identity_id
),

final as (
    select
        coalesce(owed.document_id, verdicts.document_id) as document_id,
        coalesce(owed.identity_id, verdicts.identity_id) as identity_id,
        case
            when verdicts.identity_id is null then 'owed and not judged'
            when owed.identity_id is null then 'judged and not owed'
            else 'judged and called not assessable at once'
        end as fault
    from owed
    full outer join verdicts
        on owed.document_id = verdicts.document_id and owed.identity_id = verdicts.identity_id
    where
        owed.identity_id is null
        or verdicts.identity_id is null
        or (verdicts.not_assessable_count > 0 and verdicts.verdict_count > 1)
)

select * from final
