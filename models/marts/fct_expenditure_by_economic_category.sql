-- Basic expenditure by economic category, in amounts that may be added.
with leaves as (
    select * from {{ ref('int_figures_dimensioned') }}
    where
        is_money
        and is_current
        and statement_code in ('b06', 'f06')
        and row_role = 'item'
        and column_role = 'part'
),

final as (
    select
        document_id,
        unit_id,
        fiscal_year,
        scope,
        phase,
        statement_code,
        economic_code,
        government_economic_code,
        expenditure_kind,
        amount_yuan,
        quantum_yuan,
        printed_label,
        printed_column,
        printed_amount,
        page_no,
        line_no
    from leaves
)

select * from final
