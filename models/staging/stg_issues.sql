-- What could not be read, or was read and is odd, each with its line.
with source as (
    select * from {{ source('raw', 'issues') }}
),

final as (
    select
        document_id,
        statement_code,
        line_no,
        severity,
        reason,
        found,
        expected,
        page_no
    from source
)

select * from final
