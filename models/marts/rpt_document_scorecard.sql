-- Each document in one line: what was read, what was set aside, what was judged and with what result.
with documents as (
    select * from {{ ref('dim_documents') }}
),

tables as (
    select
        document_id,
        count(*) filter (where state = 'data') as data_count,
        count(*) filter (where state in ('blank', 'declared_empty')) as empty_count,
        count(*) filter (where state = 'set_aside') as set_aside_count
    from {{ ref('stg_tables') }}
    group by document_id
),

found as (
    select distinct document_id, statement_code from {{ ref('int_tables_found') }}
),

missing as (
    select
        layouts.document_id,
        count(*) as missing_count,
        string_agg(layouts.statement_code, ', ' order by layouts.statement_code) as missing_tables
    from {{ ref('int_document_layouts') }} as layouts
    left join found
        on layouts.document_id = found.document_id and layouts.statement_code = found.statement_code
    where found.document_id is null
    group by layouts.document_id
),

operands as (
    select distinct
        document_id,
        statement_code,
        line_no,
        block_no,
        column_code
    from {{ ref('fct_identity_operands') }}
),

figures as (
    select
        dimensioned.document_id,
        count(*) as figure_count,
        count(*) filter (where operands.document_id is null) as unjudged_figure_count
    from {{ ref('int_figures_dimensioned') }} as dimensioned
    left join operands
        on
            dimensioned.document_id = operands.document_id
            and dimensioned.statement_code = operands.statement_code
            and dimensioned.line_no = operands.line_no
            and dimensioned.block_no = operands.block_no
            and dimensioned.column_code = operands.column_code
    group by dimensioned.document_id
),

issues as (
    select
        document_id,
        count(*) as issue_count
    from {{ ref('stg_issues') }}
    group by document_id
),

checks as (
    select
        document_id,
        count(*) filter (where verdict != 'not_assessable') as judged_count,
        count(*) filter (where verdict = 'exact') as exact_count,
        count(*) filter (where verdict = 'rounding') as rounding_count,
        count(*) filter (where is_unusual) as unusual_count,
        count(*) filter (where verdict = 'broken') as broken_count,
        count(*) filter (where verdict = 'broken' and is_explained) as explained_count,
        count(*) filter (
            where verdict = 'not_assessable' and reason not in ('not_owed', 'not_stated')
        ) as not_assessable_count
    from {{ ref('fct_identity_checks') }}
    group by document_id
),

final as (
    select
        documents.document_id,
        documents.unit_id,
        documents.fiscal_year,
        documents.document_kind,
        cast(coalesce(tables.data_count, 0) as integer) as data_table_count,
        cast(coalesce(tables.empty_count, 0) as integer) as empty_table_count,
        cast(coalesce(tables.set_aside_count, 0) as integer) as set_aside_table_count,
        cast(coalesce(missing.missing_count, 0) as integer) as missing_table_count,
        missing.missing_tables,
        cast(coalesce(issues.issue_count, 0) as integer) as issue_count,
        cast(coalesce(figures.figure_count, 0) as integer) as figure_count,
        cast(coalesce(figures.unjudged_figure_count, 0) as integer) as unjudged_figure_count,
        cast(coalesce(checks.judged_count, 0) as integer) as judged_count,
        cast(coalesce(checks.exact_count, 0) as integer) as exact_count,
        cast(coalesce(checks.rounding_count, 0) as integer) as rounding_count,
        cast(coalesce(checks.unusual_count, 0) as integer) as unusual_count,
        cast(coalesce(checks.broken_count, 0) as integer) as broken_count,
        cast(coalesce(checks.explained_count, 0) as integer) as explained_count,
        cast(coalesce(checks.not_assessable_count, 0) as integer) as not_assessable_count,
        documents.is_current
    from documents
    left join tables on documents.document_id = tables.document_id
    left join missing on documents.document_id = missing.document_id
    left join figures on documents.document_id = figures.document_id
    left join issues on documents.document_id = issues.document_id
    left join checks on documents.document_id = checks.document_id
)

select * from final
