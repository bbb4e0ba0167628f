-- What the seed calls a known discrepancy is broken still.
with known as (
    select document_id, identity_id, instance, cause from {{ ref('known_discrepancies') }}
),

final as (
    select
        known.document_id,
        known.identity_id,
        known.instance,
        known.cause,
        coalesce(checks.verdict, 'there is no such verdict') as verdict
    from known
    left join {{ ref('fct_identity_checks') }} as checks
        on
            known.document_id = checks.document_id
            and known.identity_id = checks.identity_id
            and known.instance = checks.instance
    where checks.verdict is distinct from 'broken'
)

select * from final
