-- The figures behind every verdict: both sides, each with its line.
with operands as (
    select * from {{ ref('int_identity_operands') }}
    -- A claim has no column: it stands under its measure, at its place in the line.
    union all by name
    select * from {{ ref('int_claim_operands') }}
    union all by name
    select * from {{ ref('int_form_operands') }}
),

judged as (
    select document_id, identity_id, instance from {{ ref('int_identities_judged') }}
    where verdict != 'not_assessable'
    union all
    select document_id, identity_id, instance from {{ ref('int_claims_judged') }}
    where verdict != 'not_assessable'
    union all
    select document_id, identity_id, instance from {{ ref('int_forms_judged') }}
    where verdict != 'not_assessable'
),

final as (
    select
        operands.document_id,
        operands.identity_id,
        operands.instance,
        operands.statement_code,
        operands.side,
        operands.column_code,
        operands.block_no,
        cast(operands.weight as integer) as weight,
        operands.amount_yuan,
        operands.quantum_yuan,
        cast(operands.counted_value as decimal(18, 2)) as counted_value,
        cast(operands.stated_ratio as decimal(18, 6)) as stated_ratio,
        cast(operands.stated_score as decimal(18, 6)) as stated_score,
        operands.printed_label,
        operands.printed_column,
        operands.printed_amount,
        operands.page_no,
        operands.line_no
    from operands
    inner join judged
        on
            operands.document_id = judged.document_id
            and operands.identity_id = judged.identity_id
            and operands.instance = judged.instance
)

select * from final
