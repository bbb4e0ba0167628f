-- Each figure of a narrative with the figures of the same item before it: what changed, and by how much.
with claims as (
    select * from {{ ref('int_claims_measured') }}
),

final as (
    select
        document_id,
        unit_id,
        fiscal_year,
        document_kind,
        line_no,
        position_no,
        claim_key,
        section,
        item,
        base_item,
        printed_label,
        subject_code,
        subject_key,
        measure,
        is_unchanged,
        is_money,
        amount_yuan,
        quantum_yuan,
        stated_ratio,
        quantum_ratio,
        counted_value,
        printed_value,
        unit_of_measure,
        sign,
        page_no,
        -- The item as last stated in the section, and its change: 总计5,296.11万元 … 增加314.54万元，增长6.31%.
        last_value(
            case when measure in ('amount', 'count') and item = base_item then claim_key end ignore nulls
        )
            over so_far as current_key,
        last_value(case when measure = 'change_amount' then claim_key end ignore nulls)
            over so_far
            as change_key,
        -- 上年执行数60.13万元，本年预算安排25.77万元，减少57.14%.
        last_value(case when item = base_item || '.prior_year' then claim_key end ignore nulls)
            over so_far
            as prior_key,
        row_number() over (
            partition by document_id, section, item, subject_key, measure order by line_no, position_no
        ) as nth_statement
    from claims
    where not is_aside
    window
        so_far as (
            partition by document_id, section, base_item, subject_key
            order by line_no, position_no
            rows between unbounded preceding and current row
        )
)

select * from final
