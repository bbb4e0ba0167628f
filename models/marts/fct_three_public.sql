-- Travel abroad, hospitality and vehicles (三公) by fund, in amounts that may be added.
with items as (
    select * from {{ ref('int_figures_dimensioned') }}
    where
        is_money
        and is_current
        and statement_code in ('b10', 'b14', 'f09')
        and row_role = 'item'
        and column_role = 'part'
),

-- A line of all units stands for theirs.
wholes as (
    select distinct document_id, statement_code from items where row_code = 'three_public'
),

leaves as (
    select items.*
    from items
    left join wholes
        on items.document_id = wholes.document_id and items.statement_code = wholes.statement_code
    where wholes.document_id is null or items.row_code = 'three_public'
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
