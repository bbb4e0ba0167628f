-- Each performance form with the document it stands in, and the code and name of its department.
with forms as (
    select * from {{ ref('stg_forms') }}
),

documents as (
    select * from {{ ref('int_documents_identified') }}
),

final as (
    select
        forms.document_id,
        forms.form_no,
        forms.form_code,
        documents.unit_id,
        documents.fiscal_year,
        documents.document_kind,
        documents.is_current,
        forms.state,
        forms.printed_title,
        forms.printed_project_name,
        {{ fold_words('forms.printed_project_name') }} as form_name,
        -- Two projects may bear one name: the forms of one name are counted as they stand.
        row_number() over (
            partition by
                forms.document_id, forms.form_code, {{ fold_words('forms.printed_project_name') }}
            order by forms.form_no
        ) as form_name_no,
        -- Readable, and stable: a document's content never changes under its id.
        forms.first_line_no || ':'
        || coalesce({{ fold_words('forms.printed_project_name') }}, forms.form_code) as form_key,
        -- 020-某局 or [105]某部
        nullif(
            regexp_extract(forms.printed_department, '^\[?([0-9]{3,})[-\]]', 1), ''
        ) as department_code,
        case
            when regexp_extract(forms.printed_department, '^\[?([0-9]{3,})[-\]]', 1) != ''
                then regexp_extract(forms.printed_department, '^\[?[0-9]{3,}[-\]](.*)$', 1)
            else forms.printed_department
        end as department_name,
        forms.printed_department,
        forms.printed_unit_name,
        forms.printed_kind,
        forms.printed_term,
        forms.unit_of_money,
        forms.printed_grade,
        forms.first_line_no,
        forms.last_line_no,
        forms.grade_line_no
    from forms
    inner join documents on forms.document_id = documents.document_id
)

select * from final
