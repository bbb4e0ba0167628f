-- The self-evaluations of projects: budget, execution, scores, grade.
with forms as (
    select * from {{ ref('int_forms_identified') }} where form_code = 'e01'
),

figures as (
    select
        document_id,
        form_no,
        max(amount_yuan) filter (where column_code = 'initial_declared') as initial_declared_yuan,
        max(amount_yuan) filter (where column_code = 'initial_budget') as initial_budget_yuan,
        max(amount_yuan) filter (where column_code = 'annual_budget') as annual_budget_yuan,
        max(amount_yuan) filter (where column_code = 'executed') as executed_yuan,
        max(amount_yuan) filter (where column_code = 'balance') as balance_yuan,
        max(quantum_yuan) as quantum_yuan,
        max(stated_ratio) filter (where column_code = 'execution_rate') as execution_ratio,
        max(stated_score) filter (where row_code = 'total' and column_code = 'score') as execution_score,
        max(stated_score) filter (where row_code = 'total_score') as total_score,
        max(page_no) as page_no,
        min(line_no) filter (where row_code = 'total') as amounts_line_no,
        min(line_no) filter (where row_code = 'total_score') as score_line_no
    from {{ ref('int_form_figures_measured') }}
    where form_code = 'e01' and row_code in ('total', 'total_score')
    group by document_id, form_no
),

scored as (
    select
        document_id,
        form_no,
        count(*) as indicator_count,
        sum(full_score) as indicator_full_score,
        sum(score) as indicator_score
    from {{ ref('int_indicators_measured') }}
    group by document_id, form_no
),

matched as (
    select * from {{ ref('int_projects_matched') }}
),

final as (
    select
        forms.document_id,
        forms.unit_id,
        forms.fiscal_year,
        forms.form_no,
        matched.project_id,
        forms.printed_project_name,
        forms.department_code,
        forms.department_name,
        forms.printed_grade as grade_name,
        figures.initial_declared_yuan,
        figures.initial_budget_yuan,
        figures.annual_budget_yuan,
        figures.executed_yuan,
        figures.balance_yuan,
        figures.quantum_yuan,
        figures.execution_ratio,
        cast(figures.execution_score as decimal(9, 2)) as execution_score,
        cast(scored.indicator_score as decimal(9, 2)) as indicator_score,
        cast(figures.total_score as decimal(9, 2)) as total_score,
        cast(scored.indicator_full_score as decimal(9, 2)) as indicator_full_score,
        cast(coalesce(scored.indicator_count, 0) as integer) as indicator_count,
        forms.state,
        matched.match_method,
        matched.unmatched_reason,
        forms.is_current,
        forms.unit_of_money as unit_of_measure,
        figures.page_no,
        figures.amounts_line_no,
        figures.score_line_no,
        forms.first_line_no as line_no
    from forms
    left join figures on forms.document_id = figures.document_id and forms.form_no = figures.form_no
    left join scored on forms.document_id = scored.document_id and forms.form_no = scored.form_no
    left join matched on forms.document_id = matched.document_id and forms.form_no = matched.form_no
)

select * from final
