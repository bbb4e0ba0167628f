-- The projects of each unit, known by unit and name.
with printed as (
    select * from {{ ref('int_rows_nested') }} where project_id is not null
),

final as (
    select
        project_id,
        unit_id,
        max_by(project_name, fiscal_year) as project_name,
        cast(min(fiscal_year) as integer) as first_fiscal_year,
        cast(max(fiscal_year) as integer) as last_fiscal_year
    from printed
    group by project_id, unit_id
)

select * from final
