-- Every printed count: vehicles and equipment of the tables, staff of a department's form.
with figures as (
    select * from {{ ref('int_figures_dimensioned') }} where not is_money
),

form_figures as (
    select * from {{ ref('int_form_figures_measured') }} where measure = 'count'
),

forms as (
    select * from {{ ref('int_forms_identified') }}
),

final as (
    select
        document_id,
        unit_id,
        fiscal_year,
        statement_code,
        item_code,
        row_role,
        cast(counted_value as decimal(18, 2)) as value,
        unit_of_measure,
        is_current,
        printed_label,
        printed_column,
        printed_amount,
        page_no,
        line_no
    from figures

    union all

    select
        form_figures.document_id,
        forms.unit_id,
        forms.fiscal_year,
        form_figures.form_code as statement_code,
        form_figures.row_code as item_code,
        form_figures.row_role,
        form_figures.counted_value as value,
        form_figures.unit_of_measure,
        forms.is_current,
        form_figures.printed_label,
        form_figures.printed_column,
        form_figures.printed_number_text as printed_amount,
        form_figures.page_no,
        form_figures.line_no
    from form_figures
    inner join forms
        on form_figures.document_id = forms.document_id and form_figures.form_no = forms.form_no
)

select * from final
