-- Each printed figure with all its dimensions: what its row is, what its column is, and whose it is.
with figures as (
    select * from {{ ref('int_figures_measured') }}
),

nested_rows as (
    select * from {{ ref('int_rows_nested') }}
),

statement_columns as (
    select * from {{ ref('statement_columns') }}
),

documents as (
    select * from {{ ref('int_documents_identified') }}
),

-- A layout may print a total without its parts (Jiangsu's basic expenditure): then it is what may be added.
parted_blocks as (
    select distinct columns.document_id, columns.statement_code, columns.block
    from {{ ref('stg_columns') }} as columns
    inner join statement_columns
        on
            columns.statement_code = statement_columns.statement_code
            and columns.block = statement_columns.block
            and columns.column_code = statement_columns.column_code
            and statement_columns.column_role = 'part'
),

final as (
    select
        figures.document_id,
        documents.unit_id,
        documents.fiscal_year,
        documents.document_kind,
        documents.scope,
        documents.is_current,
        figures.statement_code,
        figures.line_no,
        figures.block_no,
        figures.column_code,
        figures.block,
        figures.row_code,
        nested_rows.row_key,
        statement_columns.phase,
        statement_columns.direction,
        -- The row names the fund where the table lists funds down the page, else the column does.
        coalesce(nested_rows.fund_code, statement_columns.fund_code, 'all') as fund_code,
        nested_rows.subject_code,
        nested_rows.economic_code,
        nested_rows.government_economic_code,
        nested_rows.project_id,
        nested_rows.project_name,
        coalesce(nested_rows.item_code, statement_columns.item_code) as item_code,
        coalesce(nested_rows.expenditure_kind, statement_columns.expenditure_kind) as expenditure_kind,
        coalesce(nested_rows.origin, statement_columns.origin, 'all') as origin,
        nested_rows.row_role,
        case
            when statement_columns.column_role = 'total' and parted_blocks.block is null then 'part'
            else statement_columns.column_role
        end as column_role,
        figures.unit_of_measure,
        figures.is_money,
        figures.amount_yuan,
        figures.quantum_yuan,
        figures.counted_value,
        nested_rows.parent_line_no,
        nested_rows.parent_block_no,
        nested_rows.child_count,
        figures.printed_label,
        figures.printed_column,
        figures.printed_amount,
        figures.page_no
    from figures
    inner join documents on figures.document_id = documents.document_id
    inner join nested_rows
        on
            figures.document_id = nested_rows.document_id
            and figures.statement_code = nested_rows.statement_code
            and figures.line_no = nested_rows.line_no
            and figures.block_no = nested_rows.block_no
    inner join statement_columns
        on
            figures.statement_code = statement_columns.statement_code
            and figures.block = statement_columns.block
            and figures.column_code = statement_columns.column_code
    left join parted_blocks
        on
            figures.document_id = parted_blocks.document_id
            and figures.statement_code = parted_blocks.statement_code
            and figures.block = parted_blocks.block
)

select * from final
