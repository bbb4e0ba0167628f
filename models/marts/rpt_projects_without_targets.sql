-- The projects of a year's budget for which no form of performance targets was found. What was carried over
-- had its form the year before.
with budgets as (
    select * from {{ ref('fct_project_budgets') }} where origin = 'current'
),

projects as (
    select * from {{ ref('dim_projects') }}
),

targets as (
    select distinct document_id, project_id from {{ ref('fct_project_targets') }}
),

-- A document without a single form is another matter than one project without.
documents_with_targets as (
    select distinct document_id from targets
),

final as (
    select
        budgets.document_id,
        budgets.unit_id,
        budgets.fiscal_year,
        budgets.project_id,
        projects.project_name,
        documents_with_targets.document_id is not null as has_other_targets,
        cast(sum(budgets.amount_yuan) as decimal(18, 2)) as amount_yuan,
        min(budgets.line_no) as line_no
    from budgets
    inner join projects on budgets.project_id = projects.project_id
    left join targets on budgets.document_id = targets.document_id and budgets.project_id = targets.project_id
    left join documents_with_targets on budgets.document_id = documents_with_targets.document_id
    where targets.document_id is null
    group by
        budgets.document_id,
        budgets.unit_id,
        budgets.fiscal_year,
        budgets.project_id,
        projects.project_name,
        documents_with_targets.document_id
)

select * from final
