-- Every figure of an official table takes part in at least one identity.
select
    figures.document_id,
    figures.statement_code,
    figures.line_no,
    figures.printed_label,
    figures.printed_column,
    figures.printed_amount
from {{ ref('int_figures_dimensioned') }} as figures
left join {{ ref('fct_identity_operands') }} as operands
    on
        figures.document_id = operands.document_id
        and figures.statement_code = operands.statement_code
        and figures.line_no = operands.line_no
        and figures.block_no = operands.block_no
        and figures.column_code = operands.column_code
where operands.document_id is null and figures.phase is distinct from 'prior'
