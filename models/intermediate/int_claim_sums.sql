-- The figures of each sum within a section of a narrative: its total, its parts, and the year before they imply.
with claims as (
    select * from {{ ref('int_claims_placed') }}
),

identities as (
    select identities.*, statements.document_kind
    from {{ ref('identities') }} as identities
    inner join {{ ref('statements') }} as statements on identities.statement_code = statements.statement_code
    where identities.axis = 'claim'
),

terms as (
    select terms.*, identities.document_kind
    from {{ ref('claim_terms') }} as terms
    inner join identities on terms.identity_id = identities.identity_id
),

-- Sums within a section: each figure stated once there, or the same each time, and every part that the sum needs.
stated_parts as (
    select
        terms.identity_id,
        terms.rule,
        terms.role as term_role,
        terms.is_required,
        terms.item,
        claims.document_id,
        claims.section,
        claims.subject_key,
        claims.claim_key,
        claims.current_key,
        claims.measure,
        claims.line_no * 1000 + claims.position_no as place
    from terms
    inner join claims
        on
            terms.item = claims.item
            and terms.measure = claims.measure
            and terms.document_kind = claims.document_kind
    where
        terms.rule in ('parts', 'prior') and (claims.printed_label is null or claims.subject_code is not null)
    qualify row_number() over (
        partition by
            terms.identity_id, claims.document_id, claims.section, terms.item, claims.subject_key,
            claims.amount_yuan, claims.counted_value
        order by claims.line_no, claims.position_no
    ) = 1
),

part_claims as (
    select
        *,
        count(*) over (
            partition by identity_id, document_id, section, item, subject_key
        ) as statement_count
    from stated_parts
),

required as (
    select identity_id, count(*) as item_count
    from terms
    where rule in ('parts', 'prior') and is_required
    group by identity_id
),

-- A figure that nothing explains may be a part, too: 一般公务用车3辆 among the kinds that are known.
unexplained as (
    select document_id, section, measure, line_no, position_no
    from {{ ref('int_claims_measured') }}
    where item = 'unattributed'
),

interrupted_sums as (
    select distinct spans.identity_id, spans.document_id, spans.section
    from (
        select
            identity_id,
            document_id,
            section,
            measure,
            min(place) as first_place,
            max(place) as last_place
        from part_claims
        group by identity_id, document_id, section, measure
    ) as spans
    inner join unexplained
        on
            spans.document_id = unexplained.document_id
            and spans.section = unexplained.section
            and spans.measure = unexplained.measure
            and unexplained.line_no * 1000 + unexplained.position_no > spans.first_place
            and unexplained.line_no * 1000 + unexplained.position_no < spans.last_place
),

whole_sums as (
    select part_claims.identity_id, part_claims.document_id, part_claims.section
    from part_claims
    inner join required on part_claims.identity_id = required.identity_id
    left join interrupted_sums
        on
            part_claims.identity_id = interrupted_sums.identity_id
            and part_claims.document_id = interrupted_sums.document_id
            and part_claims.section = interrupted_sums.section
    where interrupted_sums.identity_id is null
    group by part_claims.identity_id, part_claims.document_id, part_claims.section
    having
        count(distinct case when part_claims.is_required then part_claims.item end) = max(required.item_count)
        and max(part_claims.statement_count) = 1
        and count(*) filter (where part_claims.rule = 'prior' and part_claims.current_key is null) = 0
),

final as (
    select
        part_claims.identity_id,
        part_claims.section as instance,
        part_claims.rule,
        part_claims.document_id,
        part_claims.term_role as role,
        case when part_claims.term_role = 'total' then 'reported' else 'computed' end as side,
        -- This year less its change is the year before.
        case when part_claims.rule = 'prior' then -1 else 1 end as weight,
        part_claims.claim_key
    from part_claims
    inner join whole_sums
        on
            part_claims.identity_id = whole_sums.identity_id
            and part_claims.document_id = whole_sums.document_id
            and part_claims.section = whole_sums.section

    union all

    select
        part_claims.identity_id,
        part_claims.section as instance,
        part_claims.rule,
        part_claims.document_id,
        part_claims.term_role as role,
        case when part_claims.term_role = 'total' then 'reported' else 'computed' end as side,
        1 as weight,
        part_claims.current_key as claim_key
    from part_claims
    inner join whole_sums
        on
            part_claims.identity_id = whole_sums.identity_id
            and part_claims.document_id = whole_sums.document_id
            and part_claims.section = whole_sums.section
    where part_claims.rule = 'prior'
)

select * from final
