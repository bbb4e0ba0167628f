-- Every figure that a narrative states.
with claims as (
    select * from {{ ref('int_claims_measured') }}
),

-- Figures that some verdict rests on.
judged as (
    select distinct operands.document_id, operands.line_no, operands.block_no as position_no
    from {{ ref('int_claim_operands') }} as operands
    inner join {{ ref('int_claims_judged') }} as verdicts
        on
            operands.document_id = verdicts.document_id
            and operands.identity_id = verdicts.identity_id
            and operands.instance = verdicts.instance
    where operands.operand_source = 'claim'
),

final as (
    select
        claims.document_id,
        claims.unit_id,
        claims.fiscal_year,
        claims.section,
        claims.item,
        claims.subject_code,
        claims.measure,
        claims.amount_yuan,
        case when claims.is_money then claims.quantum_yuan end as quantum_yuan,
        claims.stated_ratio,
        claims.counted_value,
        claims.printed_label,
        claims.printed_value,
        claims.sign,
        claims.unit_of_measure,
        judged.line_no is not null as is_judged,
        claims.page_no,
        claims.line_no,
        claims.position_no
    from claims
    left join judged
        on
            claims.document_id = judged.document_id
            and claims.line_no = judged.line_no
            and claims.position_no = judged.position_no
)

select * from final
