-- One verdict for each identity instance that a performance form owes, by the interval rule.
with operands as (
    select * from {{ ref('int_form_operands') }}
),

forms as (
    select * from {{ ref('int_forms_identified') }}
),

identities as (
    select identities.*, statements.document_kind
    from {{ ref('identities') }} as identities
    inner join {{ ref('statements') }} as statements on identities.statement_code = statements.statement_code
    where identities.axis = 'form'
),

documents as (
    select * from {{ ref('int_documents_identified') }}
),

grades as (
    select * from {{ ref('evaluation_grades') }}
),

-- Where a whole form is lost, the forms that are left are not all that were published.
lost_forms as (
    select document_id, count(*) as lost_count
    from {{ ref('stg_issues') }}
    where reason = 'unreadable_form'
    group by document_id
),

-- An indicator that has a weight and no score may have lost it: up to its weight.
unscored as (
    select
        document_id,
        form_no,
        cast(sum(full_score) as decimal(18, 6)) as lost_score
    from {{ ref('int_indicators_measured') }}
    where full_score is not null and score is null
    group by document_id, form_no
),

year_totals as (
    select
        forms.document_id,
        count(*) as form_count,
        count(operands.form_no) as total_count
    from forms
    left join operands
        on
            forms.document_id = operands.document_id
            and forms.form_no = operands.form_no
            and operands.identity_id = 'p.target-b12'
            and operands.side = 'reported'
    where forms.form_code = 'p01'
    group by forms.document_id
),

announced as (
    select document_id, max(counted_value) as form_count
    from operands
    where identity_id = 'p.count' and side = 'reported'
    group by document_id
),

summed as (
    select
        document_id,
        identity_id,
        instance,
        max(form_no) as form_no,
        bool_and(is_money) as is_money,
        count(*) as operand_count,
        count(*) filter (where side = 'reported') as reported_count,
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
        -- A score of execution is computed of a rate: points of the full score, as every other.
        cast(
            sum(weight * coalesce(stated_score, stated_ratio)) filter (where side = 'reported')
            as decimal(18, 6)
        ) as reported_score,
        cast(
            sum(weight * coalesce(stated_score, stated_ratio)) filter (where side = 'computed')
            as decimal(18, 6)
        ) as computed_score,
        cast(
            sum(abs(weight) * coalesce(quantum_score, quantum_ratio)) * cast(0.5 as decimal(2, 1))
            as decimal(18, 6)
        ) as bound_score,
        max(quantum_score) filter (where side = 'reported') as reported_quantum,
        max(stated_ratio) filter (where role = 'execution_rate') as rate,
        max(quantum_ratio) filter (where role = 'execution_rate') as rate_quantum,
        max(amount_yuan) filter (where role = 'executed') as executed_yuan,
        max(quantum_yuan) filter (where role = 'executed') as executed_quantum,
        max(amount_yuan) filter (where role = 'annual_budget') as budget_yuan,
        max(quantum_yuan) filter (where role = 'annual_budget') as budget_quantum,
        count(*) filter (where role = 'total') as money_score_count,
        count(*) filter (where role = 'indicator') as indicator_count,
        max(printed_amount) filter (where role = 'grade') as grade_name,
        coalesce(min(case when side = 'reported' then line_no end), min(line_no)) as line_no
    from operands
    group by document_id, identity_id, instance
),

known as (
    select
        summed.*,
        identities.statement_code,
        identities.kind,
        coalesce(forms.state, 'read') = 'damaged' as is_damaged
    from summed
    inner join identities on summed.identity_id = identities.identity_id
    left join forms on summed.document_id = forms.document_id and summed.form_no = forms.form_no
),

-- Sums of money, and counts.
compared_sums as (
    select
        known.document_id,
        known.identity_id,
        known.instance,
        known.statement_code,
        known.is_money,
        known.reported,
        known.computed,
        case
            when known.kind = 'inclusion' then greatest(known.computed - known.reported, 0)
            else known.reported - known.computed
        end as difference,
        known.bound,
        known.operand_count,
        known.line_no,
        known.is_damaged,
        case
            when
                known.identity_id in ('p.count', 'p.sum', 'e.count', 'e.grades')
                and known.reported_count != 1
                then 'not_stated'
            when known.identity_id in ('p.count', 'e.count') and known.computed_count = 0 then 'no_form'
            when known.identity_id = 'e.count' and lost_forms.lost_count > 0 then 'unreadable'
            when
                known.identity_id = 'p.sum'
                and (
                    year_totals.form_count is distinct from year_totals.total_count
                    or year_totals.form_count is distinct from announced.form_count
                )
                then 'forms_missing'
            when known.reported_count = 0 then 'total_blank'
            when known.identity_id = 'e.grades' then null
            when known.identity_id = 'p.target-b12' and known.computed_count = 0 then 'unmatched'
            when known.computed_count = 0 then 'parts_blank'
            -- A balance has three figures; fewer cannot be judged.
            when known.identity_id = 'e.balance' and known.operand_count < 3 then 'parts_blank'
        end as obstacle
    from known
    left join lost_forms on known.document_id = lost_forms.document_id
    left join year_totals on known.document_id = year_totals.document_id
    left join announced on known.document_id = announced.document_id
    where
        known.identity_id not in (
            'e.rate', 'e.score', 'e.total', 'e.weights', 'e.grade', 'p.target.weights'
        )
),

judged_sums as (
    select
        document_id,
        identity_id,
        instance,
        statement_code,
        is_money,
        reported,
        computed,
        difference,
        bound,
        operand_count,
        case
            when obstacle is not null then 'not_assessable'
            when difference = 0 then 'exact'
            when abs(difference) <= bound then 'rounding'
            when is_damaged then 'not_assessable'
            else 'broken'
        end as verdict,
        case
            when obstacle is not null then obstacle
            when difference = 0 or abs(difference) <= bound then null
            when is_damaged then 'unreadable'
            else 'beyond_bound'
        end as reason,
        line_no,
        {{ no_figures('ratio') }},
        {{ no_figures('score') }}
    from compared_sums
),

-- A rate without a quotient: r = e / b is r × b − e = 0, within what the last digits leave open.
compared_rates as (
    select
        *,
        cast(rate * budget_yuan - executed_yuan as decimal(30, 8)) as gap,
        cast(cast(0.5 as decimal(2, 1)) * rate_quantum * budget_yuan as decimal(30, 8)) as gap_of_rate,
        cast(
            cast(0.5 as decimal(2, 1))
            * (rate_quantum * budget_yuan + executed_quantum + (rate + rate_quantum) * budget_quantum)
            as decimal(30, 8)
        ) as gap_bound
    from known
    where identity_id = 'e.rate'
),

quotients as (
    select
        *,
        cast({{ exact_ratio('executed_yuan', 'budget_yuan') }} as decimal(18, 6)) as computed_ratio,
        cast({{ exact_ratio('gap_bound', 'budget_yuan') }} as decimal(18, 6)) as rounded_bound
    from compared_rates
),

shown_rates as (
    select
        *,
        cast(rate - computed_ratio as decimal(18, 6)) as difference_ratio,
        -- Six places cannot show every bound: the one that is shown never contradicts the verdict.
        case
            when abs(gap) > gap_bound
                then greatest(
                    least(rounded_bound, abs(rate - computed_ratio) - cast(0.000001 as decimal(6, 6))), 0
                )
            else greatest(rounded_bound, abs(rate - computed_ratio))
        end as bound_ratio
    from quotients
),

scores as (
    -- The score of execution is ten times its rate, and at most ten.
    select
        known.document_id,
        known.identity_id,
        known.instance,
        known.statement_code,
        known.operand_count,
        known.line_no,
        known.is_damaged,
        known.reported_score,
        known.bound_score,
        least(known.computed_score, cast(10 as decimal(18, 6))) as computed_score,
        case when known.operand_count < 2 then 'parts_blank' end as obstacle,
        false as may_be_short,
        false as is_at_edge
    from known
    where known.identity_id = 'e.score'

    union all

    select
        known.document_id,
        known.identity_id,
        known.instance,
        known.statement_code,
        known.operand_count,
        known.line_no,
        known.is_damaged,
        known.reported_score,
        known.bound_score,
        known.computed_score,
        case
            when known.reported_count = 0 then 'total_blank'
            when known.money_score_count = 0 or known.indicator_count = 0
                then case when known.is_damaged then 'unreadable' else 'parts_blank' end
        end as obstacle,
        coalesce(
            known.reported_score - known.computed_score between 0 and unscored.lost_score + known.bound_score,
            false
        ) as may_be_short,
        false as is_at_edge
    from known
    left join unscored on known.document_id = unscored.document_id and known.form_no = unscored.form_no
    where known.identity_id = 'e.total'

    union all

    -- A form gives a hundred points: ten for execution, the rest for its indicators.
    select
        known.document_id,
        known.identity_id,
        known.instance,
        known.statement_code,
        known.operand_count,
        known.line_no,
        known.is_damaged,
        cast(90 as decimal(18, 6)) as reported_score,
        cast(0 as decimal(18, 6)) as bound_score,
        known.computed_score,
        cast(null as varchar) as obstacle,
        false as may_be_short,
        false as is_at_edge
    from known
    where known.identity_id in ('e.weights', 'p.target.weights')

    union all

    -- A grade is a span of scores: the nearer end of it stands against the score outside.
    select
        known.document_id,
        known.identity_id,
        known.instance,
        known.statement_code,
        known.operand_count,
        known.line_no,
        known.is_damaged,
        known.reported_score,
        cast(known.reported_quantum * cast(0.5 as decimal(2, 1)) as decimal(18, 6)) as bound_score,
        cast(
            case
                when known.reported_score < grades.lowest_score then grades.lowest_score
                when known.reported_score >= grades.below_score then grades.below_score
                else known.reported_score
            end as decimal(18, 6)
        ) as computed_score,
        case
            when known.reported_score is null then 'total_blank'
            when grades.grade_name is null then 'parts_blank'
        end as obstacle,
        false as may_be_short,
        -- The score at which the next grade begins is no longer of this one, though it may be rounded.
        coalesce(known.reported_score = grades.below_score, false) as is_at_edge
    from known
    left join grades on known.grade_name = grades.grade_name
    where known.identity_id = 'e.grade'
),

compared_scores as (
    select
        *,
        cast(reported_score - computed_score as decimal(18, 6)) as difference_score
    from scores
),

judged_scores as (
    select
        document_id,
        identity_id,
        instance,
        statement_code,
        operand_count,
        case
            when obstacle is not null then 'not_assessable'
            when difference_score = 0 and not is_at_edge then 'exact'
            when abs(difference_score) <= bound_score then 'rounding'
            when is_damaged or may_be_short then 'not_assessable'
            else 'broken'
        end as verdict,
        case
            when obstacle is not null then obstacle
            when abs(difference_score) <= bound_score then null
            when is_damaged or may_be_short then 'unreadable'
            else 'beyond_bound'
        end as reason,
        line_no,
        {{ no_figures('ratio') }},
        reported_score,
        computed_score,
        difference_score,
        bound_score
    from compared_scores

    union all

    select
        document_id,
        identity_id,
        instance,
        statement_code,
        operand_count,
        case
            when gap is null or budget_yuan <= budget_quantum then 'not_assessable'
            when abs(gap) <= gap_of_rate then 'exact'
            when abs(gap) <= gap_bound then 'rounding'
            when is_damaged then 'not_assessable'
            else 'broken'
        end as verdict,
        case
            when gap is null then 'parts_blank'
            when budget_yuan <= budget_quantum then 'budget_zero'
            when abs(gap) <= gap_bound then null
            when is_damaged then 'unreadable'
            else 'beyond_bound'
        end as reason,
        line_no,
        rate as reported_ratio,
        computed_ratio,
        difference_ratio,
        cast(bound_ratio as decimal(18, 6)) as bound_ratio,
        {{ no_figures('score') }}
    from shown_rates
),

judged as (
    select * from judged_sums
    union all
    select
        document_id,
        identity_id,
        instance,
        statement_code,
        cast(null as boolean) as is_money,
        cast(null as decimal(24, 2)) as reported,
        cast(null as decimal(24, 2)) as computed,
        cast(null as decimal(24, 2)) as difference,
        cast(null as decimal(24, 3)) as bound,
        operand_count,
        verdict,
        reason,
        line_no,
        reported_ratio,
        computed_ratio,
        difference_ratio,
        bound_ratio,
        reported_score,
        computed_score,
        difference_score,
        bound_score
    from judged_scores
),

-- A verdict that could not be given has no figures: they would look like those of one that was.
told as (
    select
        document_id,
        identity_id,
        instance,
        statement_code,
        case when verdict != 'not_assessable' then is_money end as is_money,
        case when verdict != 'not_assessable' then reported end as reported,
        case when verdict != 'not_assessable' then computed end as computed,
        case when verdict != 'not_assessable' then difference end as difference,
        case when verdict != 'not_assessable' then bound end as bound,
        case when verdict != 'not_assessable' then operand_count else 0 end as operand_count,
        verdict,
        reason,
        line_no,
        case when verdict != 'not_assessable' then reported_ratio end as reported_ratio,
        case when verdict != 'not_assessable' then computed_ratio end as computed_ratio,
        case when verdict != 'not_assessable' then difference_ratio end as difference_ratio,
        case when verdict != 'not_assessable' then bound_ratio end as bound_ratio,
        case when verdict != 'not_assessable' then reported_score end as reported_score,
        case when verdict != 'not_assessable' then computed_score end as computed_score,
        case when verdict != 'not_assessable' then difference_score end as difference_score,
        case when verdict != 'not_assessable' then bound_score end as bound_score
    from judged
    -- Money of a year may stand alone, and its whole term too: one side of a hint is no finding.
    where not (identity_id = 'p.target.term' and verdict = 'not_assessable')
),

form_identities as (
    select
        case
            when identity_id like 'e.%' then 'e01'
            when identity_id like 'p.overall%' then 'p02'
            else 'p01'
        end as form_code,
        identity_id
    from identities
    -- The others are owed by the document as a whole.
    where identity_id not in ('p.count', 'p.sum', 'p.sum-b12', 'e.count', 'e.grades')
),

judged_forms as (
    select distinct summed.document_id, summed.identity_id, summed.form_no
    from summed
    inner join told
        on
            summed.document_id = told.document_id
            and summed.identity_id = told.identity_id
            and summed.instance = told.instance
),

-- A form that prints no figure for an identity owes it all the same.
unjudged_forms as (
    select
        forms.document_id,
        form_identities.identity_id,
        forms.form_key as instance,
        identities.statement_code,
        case when forms.state = 'damaged' then 'unreadable' else 'no_figures' end as reason,
        forms.first_line_no as line_no
    from forms
    inner join form_identities on forms.form_code = form_identities.form_code
    inner join identities on form_identities.identity_id = identities.identity_id
    left join judged_forms
        on
            forms.document_id = judged_forms.document_id
            and form_identities.identity_id = judged_forms.identity_id
            and forms.form_no = judged_forms.form_no
    where
        judged_forms.form_no is null
        -- Most publishers print no weights beside their targets.
        and form_identities.identity_id != 'p.target.weights'
),

found as (
    select distinct document_id, identity_id from told
    union
    select distinct document_id, identity_id from unjudged_forms
),

printed_forms as (
    select distinct forms.document_id, form_identities.identity_id
    from forms
    inner join form_identities on forms.form_code = form_identities.form_code
),

unjudged_documents as (
    select
        documents.document_id,
        identities.identity_id,
        'document' as instance,
        identities.statement_code,
        case when printed_forms.document_id is null then 'no_form' else 'no_figures' end as reason,
        cast(null as integer) as line_no
    from documents
    inner join identities on documents.document_kind = identities.document_kind
    left join found
        on documents.document_id = found.document_id and identities.identity_id = found.identity_id
    left join printed_forms
        on
            documents.document_id = printed_forms.document_id
            and identities.identity_id = printed_forms.identity_id
    where found.identity_id is null
),

not_judged as (
    select * from unjudged_forms
    union all
    select * from unjudged_documents
),

final as (
    select * from told
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
        0 as operand_count,
        'not_assessable' as verdict,
        reason,
        line_no,
        {{ no_figures('ratio') }},
        {{ no_figures('score') }}
    from not_judged
)

select * from final
