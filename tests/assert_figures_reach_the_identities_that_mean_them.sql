-- Each term of an identity has the figures that it means, and what is called not assessable is so: held
-- against what was read and what the seeds say, not against the models that judge. A join that turned empty
-- would else pass for cells left blank, and the part of an inclusion for nothing, which is never too much.
with checks as (
    select
        checks.document_id,
        checks.identity_id,
        identities.axis,
        identities.condition,
        max(case when checks.verdict = 'not_assessable' then checks.reason end) as reason
    from {{ ref('fct_identity_checks') }} as checks
    inner join {{ ref('identities') }} as identities on checks.identity_id = identities.identity_id
    where identities.axis not in ('claim', 'form')
    group by checks.document_id, checks.identity_id, identities.axis, identities.condition
),

economic_names as (
    select distinct economic_code, economic_name
    from {{ ref('economic_categories') }}
    where economic_scheme = 'department'
),

sizes as (
    select document_id, statement_code, count(distinct line_no) as line_count
    from {{ source('raw', 'cells') }}
    group by document_id, statement_code
),

cells as (
    select
        cells.document_id,
        cells.statement_code,
        cells.line_no,
        cells.block_no,
        cells.block,
        cells.column_code,
        cells.row_code,
        economic_names.economic_code,
        sizes.line_count,
        -- The publisher's own line is the total of a table that lists projects by unit.
        coalesce(cells.row_code, case when documents.document_id is not null then 'total' end) as total_code
    from {{ source('raw', 'cells') }} as cells
    inner join sizes
        on cells.document_id = sizes.document_id and cells.statement_code = sizes.statement_code
    left join economic_names
        on cells.row_code is null and cells.printed_label = economic_names.economic_name
    left join {{ source('raw', 'documents') }} as documents
        on
            cells.document_id = documents.document_id
            and {{ fold_words('cells.printed_label') }} = {{ fold_words('documents.printed_unit_name') }}
),

-- The figures that a term can mean: any of its column, or those of the row it names.
meant as (
    select
        checks.document_id,
        checks.identity_id,
        terms.term_no,
        terms.side,
        cells.statement_code,
        cells.line_no,
        cells.block_no,
        cells.column_code
    from checks
    inner join {{ ref('identity_terms') }} as terms on checks.identity_id = terms.identity_id
    inner join cells
        on
            checks.document_id = cells.document_id
            and terms.statement_code = cells.statement_code
            and terms.block in ('*', cells.block)
            and terms.column_selector in ('=', cells.column_code)
            and (
                checks.axis = 'row'
                -- One line alone is no sum.
                or (checks.axis in ('tree', 'leaves') and cells.line_count > 1)
                or (
                    checks.axis in ('subject', 'class', 'economic')
                    and (
                        terms.row_selector = '=' || cells.row_code
                        or (length(cells.row_code) >= 3 and try_cast(cells.row_code as integer) is not null)
                    )
                )
                or terms.row_selector in (cells.row_code, 'role:' || cells.total_code)
                or terms.row_selector in ('economic:' || cells.row_code, 'economic:' || cells.economic_code)
            )
),

met as (
    select
        meant.document_id,
        meant.identity_id,
        meant.term_no,
        count(*) as figure_count,
        count(operands.document_id) as operand_count
    from meant
    left join {{ ref('fct_identity_operands') }} as operands
        on
            meant.document_id = operands.document_id
            and meant.identity_id = operands.identity_id
            and meant.side = operands.side
            and meant.statement_code = operands.statement_code
            and meant.line_no = operands.line_no
            and meant.block_no = operands.block_no
            and meant.column_code = operands.column_code
    group by meant.document_id, meant.identity_id, meant.term_no
),

tables as (
    select document_id, statement_code, max(case when state = 'set_aside' then 1 else 0 end) as is_set_aside
    from {{ source('raw', 'tables') }}
    group by document_id, statement_code
),

counted as (
    select
        checks.document_id,
        checks.identity_id,
        checks.reason,
        checks.condition,
        coalesce(sum(met.figure_count), 0) as figure_count,
        min(coalesce(met.figure_count, 0)) as fewest_figures,
        count(*) filter (where met.figure_count > 0 and met.operand_count = 0) as empty_term_count,
        count(*) filter (where tables.document_id is null) as missing_count,
        coalesce(max(tables.is_set_aside), 0) as set_aside_count
    from checks
    inner join {{ ref('identity_terms') }} as terms on checks.identity_id = terms.identity_id
    left join met
        on
            checks.document_id = met.document_id
            and checks.identity_id = met.identity_id
            and terms.term_no = met.term_no
    left join tables
        on checks.document_id = tables.document_id and terms.statement_code = tables.statement_code
    group by checks.document_id, checks.identity_id, checks.reason, checks.condition
),

final as (
    select *
    from counted
    where
        (reason is null and empty_term_count > 0)
        or (reason in ('no_figures', 'declared_empty') and figure_count > 0)
        -- Where a condition is not met, all figures may be there.
        or (reason = 'not_owed' and condition is null and fewest_figures > 0)
        or (reason = 'table_missing' and missing_count = 0)
        or (reason = 'table_set_aside' and set_aside_count = 0)
)

select * from final
