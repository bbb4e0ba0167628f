-- The tables that list projects one by one. Others list them below subtotals of units and kinds that look like
-- projects: one by one each line says as much beside its name as the others, none is a sum or a part by its
-- words, and together they are not twice their total or more, as they would be with the subtotals among them.
with coded as (
    select * from {{ ref('int_rows_coded') }}
),

documents as (
    select * from {{ ref('int_documents_identified') }}
),

figures as (
    select * from {{ ref('int_figures_measured') }} where column_code = 'total'
),

project_lines as (
    select
        coded.document_id,
        coded.statement_code,
        coded.row_code is not null as is_total,
        length(coded.printed_beside) - length(replace(coded.printed_beside, ' / ', '')) as beside_depth,
        {{ fold_words('coded.printed_label') }} = documents.unit_name
        or coded.printed_beside is null
        or coded.printed_label like '%计'
        or coded.printed_label like '其中%'
        or coded.printed_beside like '%' || coded.printed_label || '%' as may_be_sum,
        figures.amount_yuan
    from coded
    inner join documents on coded.document_id = documents.document_id
    left join figures
        on
            coded.document_id = figures.document_id
            and coded.statement_code = figures.statement_code
            and coded.line_no = figures.line_no
            and coded.block_no = figures.block_no
    where coded.row_scheme = 'project_list'
),

final as (
    select
        document_id,
        statement_code
    from project_lines
    group by document_id, statement_code
    having
        not bool_or(may_be_sum and not is_total)
        and count(distinct beside_depth) filter (where not is_total) = 1
        and abs(coalesce(sum(amount_yuan) filter (where not is_total), 0))
        < 2 * abs(coalesce(sum(amount_yuan) filter (where is_total), 0))
)

select * from final
