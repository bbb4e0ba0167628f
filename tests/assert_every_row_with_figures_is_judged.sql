-- A row identity has one verdict for each printed row with a figure in its columns.
-- The rows are counted from what was read, not from the operands that the verdicts come from.
with row_terms as (
    select identities.identity_id, terms.statement_code, terms.block, terms.column_selector
    from {{ ref('identities') }} as identities
    inner join {{ ref('identity_terms') }} as terms on identities.identity_id = terms.identity_id
    -- An identity with a condition may not be owed.
    where identities.axis = 'row' and identities.condition is null
),

-- A layout that prints a total and none of its parts (or the parts alone) owes no sum of them.
sided as (
    select
        columns.document_id,
        identities.identity_id
    from {{ source('raw', 'columns') }} as columns
    inner join {{ ref('identity_terms') }} as terms
        on
            columns.statement_code = terms.statement_code
            and columns.block = terms.block
            and columns.column_code = terms.column_selector
    inner join {{ ref('identities') }} as identities
        on terms.identity_id = identities.identity_id and identities.axis = 'row'
    group by columns.document_id, identities.identity_id
    having count(distinct terms.side) = 2
),

readable as (
    select document_id, statement_code
    from {{ source('raw', 'tables') }}
    group by document_id, statement_code
    having max(case when state = 'data' then 0 else 1 end) = 0
),

-- Where words of the header stand in a total's own line, what needs those columns cannot be judged.
unprintable as (
    select distinct
        marks.document_id,
        row_terms.identity_id,
        marks.line_no,
        marks.block_no
    from {{ source('raw', 'marks') }} as marks
    inner join row_terms
        on marks.statement_code = row_terms.statement_code and marks.column_code = row_terms.column_selector
    where starts_with(marks.printed_mark, '[')
),

printed as (
    select
        cells.document_id,
        row_terms.identity_id,
        count(distinct cells.line_no * 100 + cells.block_no) as row_count
    from {{ source('raw', 'cells') }} as cells
    inner join readable
        on cells.document_id = readable.document_id and cells.statement_code = readable.statement_code
    inner join row_terms
        on
            cells.statement_code = row_terms.statement_code
            and cells.block = row_terms.block
            and cells.column_code = row_terms.column_selector
    inner join sided
        on cells.document_id = sided.document_id and row_terms.identity_id = sided.identity_id
    left join unprintable
        on
            cells.document_id = unprintable.document_id
            and row_terms.identity_id = unprintable.identity_id
            and cells.line_no = unprintable.line_no
            and cells.block_no = unprintable.block_no
    where unprintable.identity_id is null
    group by cells.document_id, row_terms.identity_id
),

judged as (
    select checks.document_id, checks.identity_id, count(*) as verdict_count
    from {{ ref('fct_identity_checks') }} as checks
    where
        checks.verdict != 'not_assessable'
        and checks.identity_id in (select row_terms.identity_id from row_terms)
    group by checks.document_id, checks.identity_id
),

final as (
    select
        coalesce(printed.document_id, judged.document_id) as document_id,
        coalesce(printed.identity_id, judged.identity_id) as identity_id,
        coalesce(printed.row_count, 0) as row_count,
        coalesce(judged.verdict_count, 0) as verdict_count
    from printed
    full outer join judged
        on printed.document_id = judged.document_id and printed.identity_id = judged.identity_id
    where coalesce(printed.row_count, 0) != coalesce(judged.verdict_count, 0)
)

select * from final
