-- Each printed row with the row whose sum it enters: the tree of every table, from codes, lists and places.
with coded as (
    select * from {{ ref('int_rows_coded') }}
),

-- Projects that are listed one by one belong to the total; among subtotals nobody knows to which.
project_lists as (
    select * from {{ ref('int_project_lists') }}
),

totals as (
    select * from coded where named_role = 'total'
),

listed_parents as (
    select
        children.document_id,
        children.statement_code,
        children.line_no,
        children.block_no,
        parents.line_no as parent_line_no,
        parents.block_no as parent_block_no
    from coded as children
    inner join coded as parents
        on
            children.document_id = parents.document_id
            and children.statement_code = parents.statement_code
            and children.block = parents.block
            and parents.row_code in (
                children.parent_row_code, children.grandparent_row_code, children.great_grandparent_row_code
            )
    -- The nearest one that this table prints.
    qualify row_number() over (
        partition by children.document_id, children.statement_code, children.line_no, children.block_no
        order by
            case parents.row_code
                when children.parent_row_code then 1
                when children.grandparent_row_code then 2
                else 3
            end
    ) = 1
),

-- A printed code is a path: the parent is the longest printed code that it begins with.
code_parents as (
    select
        children.document_id,
        children.statement_code,
        children.line_no,
        children.block_no,
        parents.line_no as parent_line_no,
        parents.block_no as parent_block_no
    from coded as children
    inner join coded as parents
        on
            children.document_id = parents.document_id
            and children.statement_code = parents.statement_code
            and children.block = parents.block
            and length(parents.row_code) < length(children.row_code)
            and starts_with(children.row_code, parents.row_code)
    where
        children.row_scheme in ('function', 'economic', 'economic_name', 'income', 'state_capital', 'unit')
        and children.named_role is null
        and parents.named_role is null
    qualify row_number() over (
        partition by children.document_id, children.statement_code, children.line_no, children.block_no
        order by length(parents.row_code) desc
    ) = 1
),

-- Where nothing is coded, a row belongs to the nearest heading above it: class, or unit.
heading_parents as (
    select
        children.document_id,
        children.statement_code,
        children.line_no,
        children.block_no,
        parents.line_no as parent_line_no,
        parents.block_no as parent_block_no
    from coded as children
    inner join coded as parents
        on
            children.document_id = parents.document_id
            and children.statement_code = parents.statement_code
            and children.line_no > parents.line_no
            and (
                (
                    children.row_scheme = 'economic_name'
                    and parents.economic_code = parents.department_class_code
                    and children.economic_code is distinct from children.department_class_code
                )
                or (children.row_scheme = 'project_name' and parents.is_unit_row and not children.is_unit_row)
                -- step_1, step_2 …: the labels step to the right.
                or (children.row_scheme = 'steps' and children.row_code > parents.row_code)
            )
    where children.named_role is null
    qualify row_number() over (
        partition by children.document_id, children.statement_code, children.line_no, children.block_no
        order by parents.line_no desc
    ) = 1
),

total_parents as (
    select
        children.document_id,
        children.statement_code,
        children.line_no,
        children.block_no,
        totals.line_no as parent_line_no,
        totals.block_no as parent_block_no
    from coded as children
    inner join totals
        on
            children.document_id = totals.document_id
            and children.statement_code = totals.statement_code
            and children.block = totals.block
    left join project_lists
        on
            children.document_id = project_lists.document_id
            and children.statement_code = project_lists.statement_code
    where
        children.row_scheme is not null
        and (children.row_scheme != 'project_list' or project_lists.document_id is not null)
        and (children.named_role is null or (children.is_unit_row and children.named_role = 'subtotal'))
),

parents as (
    select *, 1 as preference from listed_parents
    union all
    select *, 2 as preference from code_parents
    union all
    select *, 3 as preference from heading_parents
    union all
    select *, 4 as preference from total_parents
),

chosen as (
    select * from parents
    qualify row_number() over (
        partition by document_id, statement_code, line_no, block_no
        order by preference
    ) = 1
),

counted as (
    select
        document_id,
        statement_code,
        parent_line_no,
        parent_block_no,
        count(*) as child_count
    from chosen
    group by document_id, statement_code, parent_line_no, parent_block_no
),

final as (
    select
        coded.document_id,
        coded.statement_code,
        coded.line_no,
        coded.block_no,
        coded.block,
        coded.row_code,
        coded.unit_id,
        coded.fiscal_year,
        coded.subject_code,
        coded.economic_code,
        coded.government_economic_code,
        coded.project_id,
        coded.project_name,
        coded.fund_code,
        coded.origin,
        coded.expenditure_kind,
        coded.item_code,
        case
            when coded.named_role = 'total' then 'total'
            when counted.child_count is not null then 'subtotal'
            else coalesce(coded.named_role, 'item')
        end as row_role,
        chosen.parent_line_no,
        chosen.parent_block_no,
        coalesce(counted.child_count, 0) as child_count,
        -- Readable and stable, since a document's content never changes under its id.
        coded.line_no || ':' || case when coded.block = 'main' then '' else coded.block || ':' end
        || coalesce(coded.row_code, coded.printed_label, '') as row_key,
        coded.unit_of_measure,
        coded.printed_label,
        coded.printed_beside
    from coded
    left join chosen
        on
            coded.document_id = chosen.document_id
            and coded.statement_code = chosen.statement_code
            and coded.line_no = chosen.line_no
            and coded.block_no = chosen.block_no
    left join counted
        on
            coded.document_id = counted.document_id
            and coded.statement_code = counted.statement_code
            and coded.line_no = counted.parent_line_no
            and coded.block_no = counted.parent_block_no
)

select * from final
