-- How much of what each document owes was judged, by family of identities.
with checks as (
    select * from {{ ref('fct_identity_checks') }}
),

distinct_reasons as (
    select distinct
        document_id,
        family,
        reason
    from checks
    where verdict = 'not_assessable'
),

reasons as (
    select
        document_id,
        family,
        string_agg(reason, ', ' order by reason) as reasons
    from distinct_reasons
    group by document_id, family
),

final as (
    select
        checks.document_id,
        checks.family,
        -- What a narrative does not state is not owed, either.
        cast(
            count(*) filter (where coalesce(checks.reason, '') not in ('not_owed', 'not_stated')) as integer
        ) as owed_count,
        cast(count(*) filter (where checks.verdict != 'not_assessable') as integer) as judged_count,
        cast(count(*) filter (where checks.verdict = 'exact') as integer) as exact_count,
        cast(count(*) filter (where checks.verdict = 'rounding') as integer) as rounding_count,
        cast(count(*) filter (where checks.verdict = 'broken') as integer) as broken_count,
        cast(
            count(*) filter (
                where checks.verdict = 'not_assessable' and checks.reason not in ('not_owed', 'not_stated')
            ) as integer
        ) as not_assessable_count,
        cast(
            count(*) filter (where checks.reason in ('not_owed', 'not_stated')) as integer
        ) as not_owed_count,
        max(reasons.reasons) as reasons
    from checks
    left join reasons
        on checks.document_id = reasons.document_id and checks.family = reasons.family
    group by checks.document_id, checks.family
)

select * from final
