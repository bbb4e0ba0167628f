-- What a narrative says of the year before: this year's figure, its change, and the prior year both imply.
with claims as (
    select * from {{ ref('int_claims_placed') }}
),

changes as (
    select * from claims where measure = 'change_amount' and is_money
),

-- A percentage belongs to the change stated last before it.
ratios as (
    select *
    from claims
    where measure = 'change_ratio' and change_key is not null
    qualify row_number() over (partition by document_id, change_key order by line_no, position_no) = 1
),

stated_priors as (
    select *
    from claims
    where item = base_item || '.prior_year' and current_key is not null
    qualify row_number() over (partition by document_id, current_key order by line_no, position_no) = 1
),

verdicts as (
    select
        operands.document_id,
        operands.line_no || ':' || operands.block_no as claim_key,
        min(case when operands.rule = 'change' then judged.verdict end) as change_verdict,
        min(case when operands.rule = 'prior' then judged.verdict end) as prior_verdict
    from {{ ref('int_claim_operands') }} as operands
    inner join {{ ref('int_claims_judged') }} as judged
        on
            operands.document_id = judged.document_id
            and operands.identity_id = judged.identity_id
            and operands.instance = judged.instance
    where operands.operand_source = 'claim' and operands.column_code = 'change_amount'
    group by operands.document_id, operands.line_no, operands.block_no
),

implied as (
    select
        changes.document_id,
        changes.unit_id,
        changes.fiscal_year,
        changes.section,
        changes.item,
        changes.subject_code,
        changes.printed_label,
        current_claims.amount_yuan as current_yuan,
        changes.amount_yuan as change_yuan,
        cast(current_claims.amount_yuan - changes.amount_yuan as decimal(18, 2)) as prior_yuan,
        {{ rounding_bound('(current_claims.quantum_yuan + changes.quantum_yuan)') }} as prior_bound_yuan,
        stated_priors.amount_yuan as stated_prior_yuan,
        ratios.stated_ratio as stated_change_ratio,
        ratios.quantum_ratio,
        changes.quantum_yuan as change_quantum_yuan,
        verdicts.change_verdict,
        verdicts.prior_verdict,
        current_claims.line_no as current_line_no,
        changes.line_no,
        changes.position_no
    from changes
    left join claims as current_claims
        on changes.document_id = current_claims.document_id and changes.current_key = current_claims.claim_key
    left join ratios
        on changes.document_id = ratios.document_id and changes.claim_key = ratios.change_key
    left join stated_priors
        on changes.document_id = stated_priors.document_id and changes.current_key = stated_priors.current_key
    left join verdicts
        on changes.document_id = verdicts.document_id and changes.claim_key = verdicts.claim_key
),

final as (
    select
        document_id,
        unit_id,
        fiscal_year,
        section,
        item,
        subject_code,
        current_yuan,
        change_yuan,
        prior_yuan,
        cast(prior_bound_yuan as decimal(18, 3)) as prior_bound_yuan,
        -- The years before that the percentage leaves open: |change| ÷ |percentage|, each at its widest.
        cast(
            {{ exact_quotient(
                'greatest(abs(change_yuan) - change_quantum_yuan * cast(0.5 as decimal(2, 1)), 0)',
                '(abs(stated_change_ratio) + quantum_ratio * cast(0.5 as decimal(2, 1)))'
            ) }} as decimal(18, 2)
        ) as lowest_prior_yuan,
        cast(
            {{ exact_quotient(
                '(abs(change_yuan) + change_quantum_yuan * cast(0.5 as decimal(2, 1)))',
                '(abs(stated_change_ratio) - quantum_ratio * cast(0.5 as decimal(2, 1)))'
            ) }} as decimal(18, 2)
        ) as highest_prior_yuan,
        stated_prior_yuan,
        stated_change_ratio,
        cast({{ exact_ratio('change_yuan', 'prior_yuan') }} as decimal(18, 6)) as implied_change_ratio,
        coalesce(change_verdict, 'not_assessable') as change_verdict,
        coalesce(prior_verdict, 'not_assessable') as prior_verdict,
        printed_label,
        current_line_no,
        line_no,
        position_no
    from implied
)

select * from final
