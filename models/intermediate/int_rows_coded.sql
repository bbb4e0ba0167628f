-- Each printed row with the codes that say what it is: subject, economic categories, project, item.
with documents as (
    select * from {{ ref('int_documents_identified') }}
),

statements as (
    select * from {{ ref('statements') }}
),

statement_rows as (
    select * from {{ ref('statement_rows') }}
),

-- A table may leave out a row that others print (收入合计 between items and 总计): then the row above counts.
named_rows as (
    select
        statement_rows.*,
        parents.parent_row_code as grandparent_row_code,
        grandparents.parent_row_code as great_grandparent_row_code
    from statement_rows
    left join statement_rows as parents
        on
            statement_rows.statement_code = parents.statement_code
            and statement_rows.block = parents.block
            and statement_rows.parent_row_code = parents.row_code
    left join statement_rows as grandparents
        on
            parents.statement_code = grandparents.statement_code
            and parents.block = grandparents.block
            and parents.parent_row_code = grandparents.row_code
),

economic_names as (
    select * from {{ ref('int_economic_names_resolved') }}
),

economic_classes as (
    select
        economic_code,
        valid_from_year,
        valid_to_year,
        {{ fold_words('economic_name') }} as economic_name
    from {{ ref('economic_categories') }}
    where economic_scheme = 'department' and length(economic_code) = 3
),

printed_rows as (
    select
        printed.*,
        documents.unit_id,
        documents.unit_name,
        documents.fiscal_year,
        statements.row_scheme,
        {{ fold_words('printed.printed_label') }} as folded_label,
        {{ fold_words('printed.printed_beside') }} as folded_beside
    from {{ ref('stg_rows') }} as printed
    inner join documents on printed.document_id = documents.document_id
    inner join statements on printed.statement_code = statements.statement_code
),

-- A table of projects lists units too: the publisher, and those that its table of units names.
unit_labels as (
    select document_id, unit_name as folded_label from documents
    union
    select document_id, folded_label from printed_rows where row_scheme = 'unit_name' and row_code is null
),

classified as (
    select
        printed_rows.*,
        classes.economic_code as class_code,
        printed_rows.row_scheme = 'project_name' and unit_labels.folded_label is not null as is_unit_row
    from printed_rows
    left join economic_classes as classes
        on
            printed_rows.row_scheme = 'economic_name'
            and printed_rows.row_code is null
            -- A class prints no government item beside it; an item of the same name (其他支出) does.
            and printed_rows.folded_beside is null
            and printed_rows.folded_label = classes.economic_name
            and printed_rows.fiscal_year between classes.valid_from_year and classes.valid_to_year
    left join unit_labels
        on
            printed_rows.document_id = unit_labels.document_id
            and printed_rows.folded_label = unit_labels.folded_label
),

placed as (
    select
        *,
        last_value(class_code ignore nulls) over (
            partition by document_id, statement_code
            order by line_no, block_no
            rows between unbounded preceding and current row
        ) as department_class_code,
        row_number() over (
            partition by document_id, statement_code, is_unit_row
            order by line_no, block_no
        ) as nth_of_kind,
        row_number() over (
            partition by document_id, statement_code, folded_label
            order by line_no, block_no
        ) as nth_of_label,
        -- Where a table of projects prints a total of its own, every unit is a part of it.
        bool_or(row_scheme = 'project_name' and row_code = 'total') over (
            partition by document_id, statement_code
        ) as has_printed_total
    from classified
),

final as (
    select
        placed.document_id,
        placed.statement_code,
        placed.line_no,
        placed.block_no,
        placed.block,
        placed.row_code,
        placed.unit_id,
        placed.fiscal_year,
        placed.row_scheme,
        case
            when named_rows.row_role is not null then named_rows.row_role
            when
                placed.is_unit_row
                and placed.nth_of_kind = 1
                and not coalesce(placed.has_printed_total, false)
                then 'total'
            when placed.is_unit_row then 'subtotal'
        end as named_role,
        named_rows.parent_row_code,
        named_rows.grandparent_row_code,
        named_rows.great_grandparent_row_code,
        -- The row's code, not the printed one: a code may be printed in parts (类 款 项).
        case
            when named_rows.subject_code is not null then named_rows.subject_code
            when placed.row_scheme = 'function' and named_rows.row_code is null then placed.row_code
            when
                placed.row_scheme = 'state_capital'
                and placed.block = 'expenditure'
                and named_rows.row_code is null
                then placed.row_code
        end as subject_code,
        case
            when named_rows.economic_code is not null then named_rows.economic_code
            when placed.row_scheme = 'economic' and named_rows.row_code is null then placed.row_code
            when
                placed.row_scheme = 'economic_name' and placed.printed_code is not null
                and named_rows.row_code is null
                then placed.row_code
            when
                placed.row_scheme = 'economic_name'
                then coalesce(placed.class_code, department_items.economic_code)
        end as economic_code,
        government_items.economic_code as government_economic_code,
        placed.department_class_code,
        case
            when
                placed.row_scheme = 'project_name' and placed.row_code is null and not placed.is_unit_row
                then
                    placed.unit_id || ':' || placed.folded_label
                    || case when placed.nth_of_label > 1 then '#' || placed.nth_of_label else '' end
        end as project_id,
        case
            when
                placed.row_scheme = 'project_name' and placed.row_code is null and not placed.is_unit_row
                then placed.folded_label
        end as project_name,
        named_rows.fund_code,
        named_rows.origin,
        named_rows.expenditure_kind,
        case
            when placed.row_scheme in ('income', 'state_capital') and placed.block != 'expenditure'
                then
                    coalesce(
                        named_rows.item_code, case when named_rows.row_code is null then placed.row_code end
                    )
            else named_rows.item_code
        end as item_code,
        placed.unit_of_measure,
        placed.is_unit_row,
        placed.printed_label,
        placed.printed_beside
    from placed
    left join named_rows
        on
            placed.statement_code = named_rows.statement_code
            and placed.block = named_rows.block
            and placed.row_code = named_rows.row_code
    left join economic_names as department_items
        on
            placed.row_scheme = 'economic_name'
            and placed.row_code is null
            and placed.class_code is null
            and department_items.economic_scheme = 'department'
            and placed.folded_label = department_items.economic_name
            and placed.fiscal_year between department_items.valid_from_year and department_items.valid_to_year
            and coalesce(department_items.department_class_code, placed.department_class_code, '')
            = coalesce(placed.department_class_code, '')
    left join economic_names as government_items
        on
            placed.row_scheme = 'economic_name'
            and government_items.economic_scheme = 'government'
            and placed.folded_beside = government_items.economic_name
            and placed.fiscal_year between government_items.valid_from_year and government_items.valid_to_year
            and coalesce(government_items.department_class_code, placed.department_class_code, '')
            = coalesce(placed.department_class_code, '')
)

select * from final
