-- Every figure in every identity instance it takes part in, with side and weight.
with nested_rows as (
    select * from {{ ref('int_rows_nested') }}
),

-- Where a table prints neither 本年合计 nor anything carried over, its total is that of the year.
years_totals as (
    select document_id, statement_code, block
    from nested_rows
    group by document_id, statement_code, block
    having
        bool_or(row_code = 'total')
        and not bool_or(coalesce(row_code in ('current_total', 'carryover_in', 'carryover_out'), false))
),

-- Where a word of the header stands in a total's own line, the paper has no room for that column's total:
-- nothing can be said of what would need it.
unprintable as (
    select
        nested_rows.*,
        marks.column_code
    from {{ ref('stg_marks') }} as marks
    inner join nested_rows
        on
            marks.document_id = nested_rows.document_id
            and marks.statement_code = nested_rows.statement_code
            and marks.line_no = nested_rows.line_no
            and marks.block_no = nested_rows.block_no
    where starts_with(marks.printed_mark, '[')
),

dimensioned as (
    select *, true as is_printable from {{ ref('int_figures_dimensioned') }}
    union all by name
    select
        document_id,
        statement_code,
        line_no,
        block_no,
        block,
        row_code,
        row_key,
        subject_code,
        economic_code,
        row_role,
        child_count,
        column_code,
        false as is_printable
    from unprintable
),

figures as (
    select
        dimensioned.*,
        case
            when dimensioned.row_code = 'total' and years_totals.block is not null then 'current_total'
        end as row_alias
    from dimensioned
    left join years_totals
        on
            dimensioned.document_id = years_totals.document_id
            and dimensioned.statement_code = years_totals.statement_code
            and dimensioned.block = years_totals.block
),

identities as (
    select * from {{ ref('identities') }}
),

terms as (
    select * from {{ ref('identity_terms') }}
),

-- Declared term by term: along a row, or between cells that a document has once.
declared_operands as (
    select
        figures.*,
        identities.identity_id,
        case when identities.axis = 'row' then figures.row_key else 'document' end as instance,
        terms.side,
        terms.weight
    from identities
    inner join terms on identities.identity_id = terms.identity_id
    inner join figures
        on
            terms.statement_code = figures.statement_code
            and terms.block in ('*', figures.block)
            and terms.column_selector = figures.column_code
            and (
                (identities.axis = 'row' and terms.row_selector = '=')
                or terms.row_selector in (figures.row_code, figures.row_alias)
                or terms.row_selector = 'role:' || figures.row_role
                or terms.row_selector = 'economic:' || figures.economic_code
            )
    where identities.axis in ('row', 'single')
),

-- Declared between tables: the same subject, class or economic item in each, and the total of each (=total
-- names its row).
subject_operands as (
    select
        figures.*,
        identities.identity_id,
        coalesce(
            case when identities.axis = 'economic' then figures.economic_code else figures.subject_code end,
            'total'
        ) as instance,
        terms.side,
        terms.weight
    from identities
    inner join terms on identities.identity_id = terms.identity_id
    inner join figures
        on
            terms.statement_code = figures.statement_code
            and terms.block in ('*', figures.block)
            and terms.column_selector = figures.column_code
            and (
                (identities.axis = 'economic' and figures.economic_code is not null)
                or (identities.axis != 'economic' and figures.subject_code is not null)
                or terms.row_selector in ('=' || figures.row_code, '=' || figures.row_alias)
            )
    where
        identities.axis in ('subject', 'economic')
        or (
            identities.axis = 'class'
            and (figures.subject_code is null or length(figures.subject_code) = 3)
        )
),

-- A table that leaves a level out (divisions, or all below the class) prints nothing for its codes; that
-- is no zero, so such a code is not compared with tables that do print it. A table that prints the level
-- for other codes has lost this row: then it is compared. Subjects and economic items share no code.
coded_rows as (
    select document_id, statement_code, coalesce(subject_code, economic_code) as code, row_role
    from nested_rows
    where subject_code is not null or economic_code is not null
),

printed_levels as (
    select distinct document_id, statement_code, length(code) as digits from coded_rows
),

involved_statements as (
    select distinct identity_id, statement_code from terms
),

subject_instances as (
    select distinct document_id, identity_id, instance from subject_operands
    where instance != 'total'
),

left_out_levels as (
    select distinct
        subject_instances.document_id,
        subject_instances.identity_id,
        subject_instances.instance
    from subject_instances
    inner join involved_statements on subject_instances.identity_id = involved_statements.identity_id
    inner join coded_rows
        on
            subject_instances.document_id = coded_rows.document_id
            and involved_statements.statement_code = coded_rows.statement_code
            and subject_instances.instance != coded_rows.code
            and (
                starts_with(coded_rows.code, subject_instances.instance)
                or (
                    coded_rows.row_role = 'item'
                    and starts_with(subject_instances.instance, coded_rows.code)
                )
            )
    left join coded_rows as same_rows
        on
            subject_instances.document_id = same_rows.document_id
            and involved_statements.statement_code = same_rows.statement_code
            and subject_instances.instance = same_rows.code
    left join printed_levels
        on
            subject_instances.document_id = printed_levels.document_id
            and involved_statements.statement_code = printed_levels.statement_code
            and length(subject_instances.instance) = printed_levels.digits
    where same_rows.code is null and printed_levels.digits is null
),

comparable_operands as (
    select subject_operands.*
    from subject_operands
    left join left_out_levels
        on
            subject_operands.document_id = left_out_levels.document_id
            and subject_operands.identity_id = left_out_levels.identity_id
            and subject_operands.instance = left_out_levels.instance
    where left_out_levels.instance is null
),

-- Generated: a parent is the sum of its children, column by column.
parent_operands as (
    select
        figures.*,
        identities.identity_id,
        figures.row_key || ':' || figures.column_code as instance,
        'reported' as side,
        1 as weight
    from identities
    inner join figures on identities.statement_code = figures.statement_code
    where identities.axis = 'tree' and figures.child_count > 0 and figures.phase is distinct from 'prior'
),

child_operands as (
    select
        figures.*,
        identities.identity_id,
        parents.row_key || ':' || figures.column_code as instance,
        'computed' as side,
        1 as weight
    from identities
    inner join figures on identities.statement_code = figures.statement_code
    inner join nested_rows as parents
        on
            figures.document_id = parents.document_id
            and figures.statement_code = parents.statement_code
            and figures.parent_line_no = parents.line_no
            and figures.parent_block_no = parents.block_no
    -- Last year's figures stand only beside what goes on this year: their sums may be of more.
    where identities.axis = 'tree' and figures.phase is distinct from 'prior'
),

-- Generated: the total is the sum of all rows that have none below them, whatever stands between.
total_operands as (
    select
        figures.*,
        identities.identity_id,
        figures.row_key || ':' || figures.column_code as instance,
        'reported' as side,
        1 as weight
    from identities
    inner join figures on identities.statement_code = figures.statement_code
    where identities.axis = 'leaves' and figures.row_role = 'total' and figures.phase is distinct from 'prior'
),

leaf_operands as (
    select
        figures.*,
        identities.identity_id,
        totals.row_key || ':' || figures.column_code as instance,
        'computed' as side,
        1 as weight
    from identities
    inner join figures on identities.statement_code = figures.statement_code
    inner join nested_rows as totals
        on
            figures.document_id = totals.document_id
            and figures.statement_code = totals.statement_code
            and figures.block = totals.block
            and totals.row_role = 'total'
    where identities.axis = 'leaves' and figures.row_role = 'item' and figures.phase is distinct from 'prior'
),

operands as (
    select * from declared_operands
    union all
    select * from comparable_operands
    union all
    select * from parent_operands
    union all
    select * from child_operands
    union all
    select * from total_operands
    union all
    select * from leaf_operands
),

unprintable_instances as (
    select distinct document_id, identity_id, instance from operands
    where not is_printable
),

final as (
    select
        operands.document_id,
        operands.identity_id,
        operands.instance,
        operands.side,
        operands.weight,
        operands.statement_code,
        operands.line_no,
        operands.block_no,
        operands.column_code,
        operands.is_money,
        operands.amount_yuan,
        operands.quantum_yuan,
        operands.counted_value,
        operands.printed_label,
        operands.printed_column,
        operands.printed_amount,
        operands.page_no
    from operands
    left join unprintable_instances
        on
            operands.document_id = unprintable_instances.document_id
            and operands.identity_id = unprintable_instances.identity_id
            and operands.instance = unprintable_instances.instance
    where unprintable_instances.instance is null
)

select * from final
