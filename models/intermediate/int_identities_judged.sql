-- One verdict for each identity instance that a document owes, by the interval rule.
with operands as (
    select * from {{ ref('int_identity_operands') }}
),

owed as (
    select * from {{ ref('int_identities_owed') }}
),

identities as (
    select * from {{ ref('identities') }}
),

-- Yuan and counts never meet in one identity; a count is exact, so it has no interval.
measured as (
    select
        *,
        coalesce(amount_yuan, counted_value) as measured_value,
        coalesce(quantum_yuan, 0) as quantum
    from operands
),

summed as (
    select
        document_id,
        identity_id,
        instance,
        bool_and(is_money) as is_money,
        count(*) as operand_count,
        count(*) filter (where side = 'reported') as reported_count,
        count(*) filter (where side = 'computed') as computed_count,
        cast(coalesce(sum(weight * measured_value) filter (where side = 'reported'), 0) as decimal(24, 2))
            as reported,
        cast(coalesce(sum(weight * measured_value) filter (where side = 'computed'), 0) as decimal(24, 2))
            as computed,
        {{ rounding_bound('sum(abs(weight) * quantum)') }} as bound,
        -- The variance of a sum of numbers rounded to q is the sum of their w²q²/12: a statistic, no amount.
        sum(weight * weight * cast(quantum as double) * cast(quantum as double)) as squared_quanta,
        -- One figure beside one, printed as finely.
        count(*) = 2 and sum(weight * weight) = 2 and min(quantum) = max(quantum) as is_pair,
        coalesce(
            min(case when side = 'reported' then line_no end), min(line_no)
        ) as line_no
    from measured
    group by document_id, identity_id, instance
),

compared as (
    select
        summed.*,
        identities.statement_code,
        identities.kind,
        case
            when identities.kind = 'inclusion' then greatest(summed.computed - summed.reported, 0)
            else summed.reported - summed.computed
        end as difference
    from summed
    inner join identities on summed.identity_id = identities.identity_id
    -- A table that was set aside may not lend its other tables' figures to a verdict.
    inner join owed
        on
            summed.document_id = owed.document_id
            and summed.identity_id = owed.identity_id
            and owed.obstacle is null
),

judged as (
    select
        document_id,
        identity_id,
        instance,
        statement_code,
        is_money,
        case when reported_count > 0 then reported end as reported,
        computed,
        difference,
        bound,
        operand_count,
        case
            when difference = 0 then 'exact'
            when abs(difference) <= bound then 'rounding'
            else 'broken'
        end as verdict,
        -- Within the bound, yet more than four standard deviations: chance hardly does that. Nor does it
        -- round one amount to two numbers: of those, one was added up, or altered.
        difference != 0
        and abs(difference) <= bound
        and (is_pair or 12 * cast(difference as double) * cast(difference as double) > 16 * squared_quanta)
            as is_unusual,
        case
            when difference = 0 or abs(difference) <= bound then null
            when reported_count = 0 then 'total_blank'
            when computed_count = 0 then 'parts_blank'
            else 'beyond_bound'
        end as reason,
        line_no
    from compared
),

done as (
    select distinct document_id, identity_id from judged
),

not_judged as (
    select
        owed.document_id,
        owed.identity_id,
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
        coalesce(owed.obstacle, 'no_figures') as reason,
        null as line_no
    from owed
    inner join identities on owed.identity_id = identities.identity_id
    left join done on owed.document_id = done.document_id and owed.identity_id = done.identity_id
    where done.identity_id is null
),

final as (
    select * from judged
    union all
    select * from not_judged
)

select * from final
