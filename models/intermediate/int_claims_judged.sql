-- One verdict for each stated figure that something answers to, by the interval rule; none for what is not stated.
with identities as (
    select identities.*, statements.document_kind
    from {{ ref('identities') }} as identities
    inner join {{ ref('statements') }} as statements on identities.statement_code = statements.statement_code
    where identities.axis = 'claim'
),

documents as (
    select * from {{ ref('int_documents_identified') }}
),

-- Where an identity holds only in circumstances, those must be known to be met.
operands as (
    select operands.*
    from {{ ref('int_claim_operands') }} as operands
    inner join identities on operands.identity_id = identities.identity_id
    left join {{ ref('int_identity_conditions') }} as conditions
        on operands.document_id = conditions.document_id and identities.condition = conditions.condition
    where identities.condition is null or conditions.is_met
),

summed as (
    select
        document_id,
        identity_id,
        instance,
        min(rule) as rule,
        bool_and(is_money) as is_money,
        bool_or(is_money) as has_money,
        count(*) as operand_count,
        count(*) filter (where side = 'computed') as computed_count,
        cast(
            coalesce(sum(weight * coalesce(amount_yuan, counted_value)) filter (where side = 'reported'), 0)
            as decimal(24, 2)
        ) as reported,
        cast(
            coalesce(sum(weight * coalesce(amount_yuan, counted_value)) filter (where side = 'computed'), 0)
            as decimal(24, 2)
        ) as computed,
        {{ rounding_bound('sum(abs(weight) * coalesce(quantum_yuan, 0))') }} as bound,
        coalesce(max(quantum_yuan) filter (where side = 'reported'), 0) as reported_quantum,
        coalesce(max(quantum_yuan) filter (where side = 'computed'), 0) as computed_quantum,
        max(stated_ratio) filter (where role = 'claim') as ratio,
        max(quantum_ratio) filter (where role = 'claim') as ratio_quantum,
        -- A share is a part of a whole; a percentage of change is a change of the year before.
        cast(
            coalesce(sum(weight * amount_yuan) filter (where role in ('part', 'change')), 0) as decimal(18, 2)
        )
            as part,
        cast(coalesce(sum(quantum_yuan) filter (where role in ('part', 'change')), 0) as decimal(18, 2))
            as part_quantum,
        cast(sum(weight * amount_yuan) filter (where role in ('whole', 'current')) as decimal(18, 2)) as base,
        cast(sum(quantum_yuan) filter (where role in ('whole', 'current')) as decimal(18, 2)) as base_quantum,
        -- A percentage of growth is what the difference from the year before is of it.
        case when min(rule) = 'growth' then 1 else 0 end as is_growth,
        count(*) filter (where role = 'change') as change_count,
        coalesce(min(case when side = 'reported' then line_no end), min(line_no)) as line_no
    from operands
    group by document_id, identity_id, instance
),

-- Sums of money or of counts: the claim on one side, what answers to it on the other.
sums as (
    select
        summed.*,
        identities.statement_code,
        -- 877,080元 told as 87.70万元 was cut off where others round: told in a coarser unit than the table's,
        -- a figure may lie up to a whole last digit nearer to nothing.
        case
            when
                summed.rule = 'table'
                and summed.reported_quantum > summed.computed_quantum
                and abs(summed.computed) > abs(summed.reported)
                then summed.bound + summed.reported_quantum * cast(0.5 as decimal(2, 1))
            else summed.bound
        end as bound_as_told,
        case
            when identities.kind = 'inclusion' then greatest(summed.computed - summed.reported, 0)
            else summed.reported - summed.computed
        end as difference
    from summed
    inner join identities on summed.identity_id = identities.identity_id
    where
        (
            summed.rule in ('table', 'parts', 'prior', 'stated_prior')
            -- The word, the account and its plan.
            or (summed.rule in ('direction', 'level') and summed.operand_count = 3)
        )
        -- A count never answers to money: a table in another unit than the claim leaves it unjudged.
        and summed.is_money = summed.has_money
),

grown as (
    select
        *,
        part - is_growth * base as changed,
        part_quantum + is_growth * base_quantum as changed_quantum
    from summed
),

-- Ratios without a quotient: s = p / w is s × w − p = 0, and r = c / (v − c) is c × (1 + r) − r × v = 0,
-- each within what the last digits of the three figures leave open.
ratios as (
    select
        grown.document_id,
        grown.identity_id,
        grown.instance,
        identities.statement_code,
        grown.rule,
        grown.operand_count,
        grown.line_no,
        grown.ratio,
        grown.ratio_quantum,
        grown.changed as part,
        case when grown.rule = 'change' then grown.base - grown.changed else grown.base end as whole,
        grown.changed_quantum as part_quantum,
        case
            when grown.rule = 'change' then grown.base_quantum + grown.changed_quantum else
                grown.base_quantum
        end as whole_quantum,
        cast(
            case
                when grown.rule = 'change' then grown.changed * (1 + grown.ratio) - grown.ratio * grown.base
                else grown.changed - grown.ratio * grown.base
            end as decimal(30, 8)
        ) as gap,
        cast(
            cast(0.5 as decimal(2, 1))
            * case
                when grown.rule = 'change'
                    then
                        abs(1 + grown.ratio) * grown.changed_quantum
                        + abs(grown.ratio) * grown.base_quantum
                        + grown.ratio_quantum * abs(grown.base - grown.changed)
                        + grown.ratio_quantum * cast(0.5 as decimal(2, 1))
                        * (grown.changed_quantum + grown.base_quantum)
                else
                    grown.changed_quantum
                    + abs(grown.ratio) * grown.base_quantum
                    + grown.ratio_quantum * abs(grown.base)
                    + grown.ratio_quantum * cast(0.5 as decimal(2, 1)) * grown.base_quantum
            end as decimal(30, 8)
        ) as bound_when_rounded,
        -- What the last digit of the ratio alone leaves open: within it the printed ratio is the rounded one.
        cast(
            cast(0.5 as decimal(2, 1)) * grown.ratio_quantum
            * case when grown.rule = 'change' then abs(grown.base - grown.changed) else abs(grown.base) end
            as decimal(30, 8)
        ) as gap_of_ratio
    from grown
    inner join identities on grown.identity_id = identities.identity_id
    where
        grown.rule in ('share', 'growth', 'change')
        and grown.base is not null
        and grown.ratio is not null
        and (grown.rule != 'change' or grown.change_count = 1)
),

-- Shares of one whole that add up to 100.00% were made to: one of them carries what the others were rounded by.
evened_out as (
    select
        *,
        case
            when
                rule = 'share'
                and sum(ratio) over shares_of_a_whole = 1
                and min(whole) over shares_of_a_whole = max(whole) over shares_of_a_whole
                then count(*) over shares_of_a_whole - 1
            else 0
        end as evened_out_count
    from ratios
    window shares_of_a_whole as (
        partition by document_id, identity_id, rule, split_part(instance, ':', 1)
    )
),

-- Some publishers cut a percentage off where others round it: 99.868% is printed 99.86% too.
bounded_ratios as (
    select
        *,
        bound_when_rounded
        + gap_of_ratio * greatest(evened_out_count, case when gap * ratio >= 0 then 1 else 0 end)
            as gap_bound
    from evened_out
),

compared_ratios as (
    select
        *,
        cast({{ exact_ratio('part', 'whole') }} as decimal(18, 6)) as computed_ratio,
        coalesce(cast({{ exact_ratio('gap_bound', 'whole') }} as decimal(18, 6)), 0) as rounded_bound
    from bounded_ratios
    -- Nothing, or what may be nothing, is no base of a percentage: none answers to it. But 增加0.30万元，增长100% of
    -- 0.30万元 says two things of the year before, which cannot both be; nor is anything 95% of a plan of nothing.
    where whole > whole_quantum or (rule in ('change', 'share') and ratio != 0 and abs(gap) > gap_bound)
),

-- Six places cannot show every bound: the one that is shown never contradicts the verdict.
shown_ratios as (
    select
        *,
        cast(ratio - coalesce(computed_ratio, 0) as decimal(18, 6)) as difference_ratio,
        case
            when abs(gap) > gap_bound
                then
                    greatest(
                        least(
                            rounded_bound,
                            abs(ratio - coalesce(computed_ratio, 0)) - cast(0.000001 as decimal(6, 6))
                        ),
                        0
                    )
            else greatest(rounded_bound, abs(ratio - computed_ratio))
        end as bound_ratio
    from compared_ratios
),

judged as (
    select
        document_id,
        identity_id,
        instance,
        statement_code,
        is_money,
        reported,
        computed,
        difference,
        bound_as_told as bound,
        operand_count,
        case
            when difference = 0 then 'exact'
            when abs(difference) <= bound_as_told then 'rounding'
            else 'broken'
        end as verdict,
        -- The table's own figure, told as finely and yet otherwise: nothing was rounded between the two.
        rule = 'table'
        and operand_count = 2
        and reported_quantum = computed_quantum
        and difference != 0
        and abs(difference) <= bound_as_told
            as is_unusual,
        case
            when difference = 0 or abs(difference) <= bound_as_told then null
            when computed_count = 0 then 'parts_blank'
            else 'beyond_bound'
        end as reason,
        line_no,
        cast(null as decimal(18, 6)) as reported_ratio,
        cast(null as decimal(18, 6)) as computed_ratio,
        cast(null as decimal(18, 6)) as difference_ratio,
        cast(null as decimal(18, 6)) as bound_ratio
    from sums

    union all

    select
        document_id,
        identity_id,
        instance,
        statement_code,
        null as is_money,
        null as reported,
        null as computed,
        null as difference,
        null as bound,
        operand_count,
        case
            when abs(gap) <= gap_of_ratio then 'exact'
            when abs(gap) <= gap_bound then 'rounding'
            else 'broken'
        end as verdict,
        false as is_unusual,
        case when abs(gap) > gap_bound then 'beyond_bound' end as reason,
        line_no,
        ratio as reported_ratio,
        computed_ratio,
        difference_ratio,
        cast(bound_ratio as decimal(18, 6)) as bound_ratio
    from shown_ratios
),

subjects_of_checks as (
    select identity_id, item, measure, statement_code from {{ ref('claim_cells') }}
    union all
    select identity_id, item, measure, null as statement_code from {{ ref('claim_terms') }}
),

stated as (
    select distinct checks.identity_id, claims.document_id
    from subjects_of_checks as checks
    inner join {{ ref('int_claims_measured') }} as claims
        on checks.item = claims.item and checks.measure = claims.measure
),

tables as (
    select
        document_id,
        statement_code,
        bool_or(state = 'set_aside') as is_set_aside
    from {{ ref('int_tables_found') }}
    group by document_id, statement_code
),

-- What neither a document's contents promise nor its layout prints is no gap of the document.
layouts as (
    select * from {{ ref('int_document_layouts') }}
),

known_layouts as (
    select distinct document_id from layouts
),

done as (
    select distinct document_id, identity_id from judged
),

not_judged as (
    select
        documents.document_id,
        identities.identity_id,
        'document' as instance,
        identities.statement_code,
        null as is_money,
        null as reported,
        null as computed,
        null as difference,
        null as bound,
        0 as operand_count,
        'not_assessable' as verdict,
        false as is_unusual,
        case
            when known_layouts.document_id is not null and layouts.document_id is null then 'not_owed'
            when stated.document_id is null then 'not_stated'
            when tables.document_id is null then 'table_missing'
            when tables.is_set_aside then 'table_set_aside'
            else 'not_owed'
        end as reason,
        null as line_no,
        null as reported_ratio,
        null as computed_ratio,
        null as difference_ratio,
        null as bound_ratio
    from documents
    inner join identities on documents.document_kind = identities.document_kind
    left join stated
        on documents.document_id = stated.document_id and identities.identity_id = stated.identity_id
    left join tables
        on documents.document_id = tables.document_id and identities.statement_code = tables.statement_code
    left join known_layouts on documents.document_id = known_layouts.document_id
    left join layouts
        on documents.document_id = layouts.document_id and identities.statement_code = layouts.statement_code
    left join done on documents.document_id = done.document_id and identities.identity_id = done.identity_id
    where done.identity_id is null
),

final as (
    select * from judged
    union all
    select * from not_judged
)

select * from final
