-- What was read off the paper is in the star once: nothing lost on the way, nothing doubled.
with figures as (
    select
        document_id,
        statement_code,
        line_no,
        nullif(printed_label, '') as printed_label,
        printed_column,
        printed_amount,
        1 as read_count,
        0 as star_count
    from {{ source('raw', 'cells') }}

    union all

    -- Numbers of people and bodies in a department's form, each printed with its unit.
    select
        cells.document_id,
        columns.form_code as statement_code,
        cells.line_no,
        cells.printed_label,
        columns.column_name as printed_column,
        regexp_extract(cells.printed_value, '^[0-9,]+') as printed_amount,
        1 as read_count,
        0 as star_count
    from {{ ref('stg_form_cells') }} as cells
    inner join {{ ref('form_columns') }} as columns
        on cells.block = columns.block and cells.column_code = columns.column_code
    where columns.measure = 'count'

    union all

    select
        document_id,
        statement_code,
        line_no,
        printed_label,
        printed_column,
        printed_amount,
        0 as read_count,
        1 as star_count
    from {{ ref('fct_amounts') }}

    union all

    select
        document_id,
        statement_code,
        line_no,
        printed_label,
        printed_column,
        printed_amount,
        0 as read_count,
        1 as star_count
    from {{ ref('fct_statistics') }}
),

final as (
    select
        document_id,
        statement_code,
        line_no,
        printed_label,
        printed_column,
        printed_amount,
        sum(read_count) as read_count,
        sum(star_count) as star_count
    from figures
    group by document_id, statement_code, line_no, printed_label, printed_column, printed_amount
    having sum(read_count) != sum(star_count)
)

select * from final
