-- The verdict on every identity instance that a document owes.
with judged as (
    select * from {{ ref('int_identities_judged') }}
    -- What the narrative states against the tables, and against itself.
    union all by name
    select * from {{ ref('int_claims_judged') }}
    -- What performance forms print against the tables, and against themselves; a score is no money.
    union all by name
    select * from {{ ref('int_forms_judged') }}
),

identities as (
    select * from {{ ref('identities') }}
),

documents as (
    select * from {{ ref('int_documents_identified') }}
),

known as (
    select * from {{ ref('known_discrepancies') }}
),

final as (
    select
        judged.document_id,
        judged.identity_id,
        judged.instance,
        judged.statement_code,
        documents.unit_id,
        documents.fiscal_year,
        identities.family,
        identities.kind,
        -- Which of the four groups of columns holds both sides; none where nothing was judged.
        case
            when judged.verdict = 'not_assessable' then null
            when judged.reported_score is not null then 'score'
            when judged.reported_ratio is not null then 'ratio'
            when judged.is_money then 'amount'
            when not judged.is_money then 'count'
        end as measure,
        cast(case when judged.is_money then judged.reported end as decimal(18, 2)) as reported_yuan,
        cast(case when judged.is_money then judged.computed end as decimal(18, 2)) as computed_yuan,
        cast(case when judged.is_money then judged.difference end as decimal(18, 2)) as difference_yuan,
        cast(case when judged.is_money then judged.bound end as decimal(18, 3)) as bound_yuan,
        cast(case when not judged.is_money then judged.reported end as integer) as reported_count,
        cast(case when not judged.is_money then judged.computed end as integer) as computed_count,
        cast(judged.reported_ratio as decimal(18, 6)) as reported_ratio,
        cast(judged.computed_ratio as decimal(18, 6)) as computed_ratio,
        cast(judged.difference_ratio as decimal(18, 6)) as difference_ratio,
        cast(judged.bound_ratio as decimal(18, 6)) as bound_ratio,
        cast(judged.reported_score as decimal(18, 6)) as reported_score,
        cast(judged.computed_score as decimal(18, 6)) as computed_score,
        cast(judged.difference_score as decimal(18, 6)) as difference_score,
        cast(judged.bound_score as decimal(18, 6)) as bound_score,
        judged.verdict,
        judged.reason,
        known.cause as known_cause,
        known.explanation as known_explanation,
        known.explanation_en as known_explanation_en,
        known.evidence as known_evidence,
        cast(judged.operand_count as integer) as operand_count,
        known.document_id is not null as is_explained,
        -- Only official tables and the narrative are looked at for that.
        coalesce(judged.is_unusual, false) as is_unusual,
        documents.is_current,
        judged.line_no
    from judged
    inner join identities on judged.identity_id = identities.identity_id
    inner join documents on judged.document_id = documents.document_id
    left join known
        on
            judged.document_id = known.document_id
            and judged.identity_id = known.identity_id
            and judged.instance = known.instance
)

select * from final
