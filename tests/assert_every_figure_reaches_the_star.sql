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
