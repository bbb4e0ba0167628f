-- Every economic name that a table prints without a code is known by code, and so is its neighbour.
with rows_by_name as (
    select coded.*
    from {{ ref('int_rows_coded') }} as coded
    inner join {{ ref('dim_documents') }} as documents on coded.document_id = documents.document_id
    where coded.row_scheme = 'economic_name' and coded.named_role is null and documents.is_current
),

final as (
    select
        document_id,
        statement_code,
        line_no,
        department_class_code,
        printed_label,
        economic_code,
        printed_beside,
        government_economic_code
    from rows_by_name
    where
        economic_code is null
        or (printed_beside is not null and government_economic_code is null)
)

select * from final
