-- Every printed count: vehicles, equipment.
with figures as (
    select * from {{ ref('int_figures_dimensioned') }} where not is_money
),

final as (
    select
        document_id,
        unit_id,
        fiscal_year,
        statement_code,
        item_code,
        row_role,
        cast(counted_value as decimal(18, 2)) as value,
        unit_of_measure,
        is_current,
        printed_label,
        printed_column,
        printed_amount,
        page_no,
        line_no
    from figures
)

select * from final
