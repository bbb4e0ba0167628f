-- The money that performance targets are about: by source, for the whole term and for the year.
with figures as (
    select * from {{ ref('int_form_figures_measured') }}
    where form_code in ('p01', 'p02') and measure = 'money'
),

forms as (
    select * from {{ ref('int_forms_identified') }}
),

matched as (
    select * from {{ ref('int_projects_matched') }}
),

final as (
    select
        figures.document_id,
        forms.unit_id,
        forms.fiscal_year,
        figures.form_no,
        figures.form_code,
        matched.project_id,
        figures.block,
        figures.row_code as funding_source,
        figures.row_role,
        forms.printed_project_name,
        forms.department_code,
        forms.department_name,
        forms.printed_unit_name as implementing_unit_name,
        forms.printed_kind as project_kind,
        forms.printed_term as project_term,
        figures.amount_yuan,
        figures.quantum_yuan,
        matched.match_method,
        matched.unmatched_reason,
        forms.is_current,
        figures.printed_label,
        figures.printed_value as printed_amount,
        figures.unit_of_money as unit_of_measure,
        figures.page_no,
        figures.line_no
    from figures
    inner join forms on figures.document_id = forms.document_id and figures.form_no = forms.form_no
    left join matched on figures.document_id = matched.document_id and figures.form_no = matched.form_no
)

select * from final
