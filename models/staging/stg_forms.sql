-- The performance forms that were found, with what their heads say.
with source as (
    select * from {{ source('raw', 'forms') }}
),

final as (
    select
        document_id,
        form_no,
        statement_code as form_code,
        template,
        state,
        nullif(printed_title, '') as printed_title,
        nullif(printed_project_name, '') as printed_project_name,
        nullif(printed_department, '') as printed_department,
        nullif(printed_unit_name, '') as printed_unit_name,
        nullif(printed_kind, '') as printed_kind,
        nullif(printed_term, '') as printed_term,
        unit_of_money,
        nullif(printed_grade, '') as printed_grade,
        first_line_no,
        last_line_no,
        project_name_line_no,
        unit_line_no,
        grade_line_no
    from source
)

select * from final
