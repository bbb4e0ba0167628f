-- In a unit's own disclosure a table of units names the publisher at least once, if in short; and the first line
-- of a table of projects, when it is the sum of all others, is the publisher's. A department's may list others.
with documents as (
    select * from {{ ref('int_documents_identified') }} where scope = 'unit' and is_current
),

unit_rows as (
    select
        coded.document_id,
        coded.statement_code,
        coded.line_no,
        coded.printed_label,
        documents.unit_name,
        {{ is_short_for('coded.printed_label', 'documents.unit_name') }}
        or {{ is_short_for('documents.unit_name', 'coded.printed_label') }} as is_publisher
    from {{ ref('int_rows_coded') }} as coded
    inner join documents on coded.document_id = documents.document_id
    where
        coded.row_scheme in ('unit_name', 'unit')
        and coded.named_role is null
        and coded.printed_label is not null
),

project_rows as (
    select
        coded.document_id,
        coded.statement_code,
        coded.line_no,
        coded.printed_label,
        documents.unit_name,
        coded.named_role is not null as is_known,
        figures.amount_yuan,
        row_number() over (
            partition by coded.document_id, coded.statement_code order by coded.line_no
        ) as place
    from {{ ref('int_rows_coded') }} as coded
    inner join documents on coded.document_id = documents.document_id
    left join {{ ref('int_figures_measured') }} as figures
        on
            coded.document_id = figures.document_id
            and coded.statement_code = figures.statement_code
            and coded.line_no = figures.line_no
            and figures.column_code = 'total'
    where coded.row_scheme = 'project_name'
),

final as (
    select
        document_id,
        statement_code,
        min(line_no) as line_no,
        min_by(printed_label, line_no) as printed_label,
        unit_name
    from unit_rows
    group by document_id, statement_code, unit_name
    having not bool_or(is_publisher)
    union all
    select
        document_id,
        statement_code,
        min(line_no) as line_no,
        min_by(printed_label, line_no) as printed_label,
        unit_name
    from project_rows
    group by document_id, statement_code, unit_name
    having
        not bool_or(is_known)
        and count(*) > 1
        and sum(amount_yuan) filter (where place = 1) = sum(amount_yuan) filter (where place > 1)
)

select * from final
