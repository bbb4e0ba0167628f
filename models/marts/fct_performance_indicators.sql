-- The performance indicators: what is aimed at on each side of a form, and what was reached.
with indicators as (
    select * from {{ ref('int_indicators_measured') }}
),

forms as (
    select * from {{ ref('int_forms_identified') }}
),

matched as (
    select * from {{ ref('int_projects_matched') }}
),

final as (
    select
        indicators.document_id,
        forms.unit_id,
        forms.fiscal_year,
        indicators.form_no,
        forms.form_code,
        matched.project_id,
        indicators.block,
        indicators.level_1,
        indicators.level_2,
        indicators.indicator_name,
        forms.printed_project_name,
        indicators.operator,
        indicators.target_value,
        indicators.unit_of_measure,
        indicators.actual_value,
        indicators.full_score,
        indicators.score,
        forms.is_current,
        indicators.printed_target,
        indicators.printed_initial,
        indicators.printed_actual,
        indicators.page_no,
        indicators.line_no
    from indicators
    inner join forms on indicators.document_id = forms.document_id and indicators.form_no = forms.form_no
    left join matched on indicators.document_id = matched.document_id and indicators.form_no = matched.form_no
)

select * from final
