-- Travel abroad, hospitality and vehicles (三公) by fund, in amounts that may be added.
with leaves as (
    select * from {{ ref('int_figures_dimensioned') }}
    where
        is_money
        and is_current
        and statement_code in ('b10', 'b14', 'f09')
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
        item_code,
        fund_code,
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
