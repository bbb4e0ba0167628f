-- Every printed amount of money with all its dimensions: the common fact, totals included.
with figures as (
    select * from {{ ref('int_figures_dimensioned') }} where is_money
),

final as (
    select
        document_id,
        unit_id,
        fiscal_year,
        phase,
        statement_code,
        block_no,
        column_code,
        direction,
        fund_code,
        subject_code,
        economic_code,
        government_economic_code,
        project_id,
        item_code,
        expenditure_kind,
        origin,
        row_role,
        column_role,
        amount_yuan,
        quantum_yuan,
        is_current,
        printed_label,
        printed_column,
        printed_amount,
        unit_of_measure,
        page_no,
        line_no
    from figures
)

select * from final
