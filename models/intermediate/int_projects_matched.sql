-- The project of each form: by an alias that was read by eye, by name, or by name without punctuation; else none.
with forms as (
    select * from {{ ref('int_forms_identified') }} where form_code != 'p02'
),

-- A form of a budget is about a project of its own tables; a self-evaluation about one of any year.
projects as (
    select distinct
        document_id,
        unit_id,
        project_id,
        project_name,
        row_number() over (partition by document_id, statement_code, project_name order by line_no)
            as project_name_no
    from {{ ref('int_rows_nested') }}
    where project_id is not null
),

aliases as (
    select
        unit_id,
        fiscal_year,
        {{ fold_words('form_name') }} as form_name,
        form_name_no,
        {{ fold_words('project_name') }} as project_name,
        project_name_no
    from {{ ref('project_name_aliases') }}
),

by_alias as (
    select
        forms.document_id,
        forms.form_no,
        projects.project_id,
        'alias' as match_method
    from forms
    inner join aliases
        on
            forms.unit_id = aliases.unit_id
            and forms.fiscal_year = aliases.fiscal_year
            and forms.form_name = aliases.form_name
            and forms.form_name_no = aliases.form_name_no
    inner join projects
        on
            forms.unit_id = projects.unit_id
            and (forms.document_id = projects.document_id or forms.document_kind = 'final')
            and aliases.project_name = projects.project_name
            and aliases.project_name_no = projects.project_name_no
    group by all
),

unaliased as (
    select forms.*
    from forms
    left join by_alias on forms.document_id = by_alias.document_id and forms.form_no = by_alias.form_no
    where by_alias.form_no is null
),

named as (
    select
        unaliased.document_id,
        unaliased.form_no,
        projects.project_id,
        case when unaliased.form_name = projects.project_name then 1 else 2 end as preference
    from unaliased
    inner join projects
        on
            unaliased.unit_id = projects.unit_id
            and (unaliased.document_id = projects.document_id or unaliased.document_kind = 'final')
            and {{ fold_project_name('unaliased.form_name') }}
            = {{ fold_project_name('projects.project_name') }}
    group by all
),

-- The better way of matching wins; within it, one form to one project, or none at all.
preferred as (
    select *
    from named
    qualify preference = min(preference) over (partition by document_id, form_no)
),

counted as (
    select
        *,
        count(*) over (partition by document_id, form_no) as project_count,
        count(*) over (partition by document_id, project_id) as form_count
    from preferred
),

matched as (
    select
        document_id,
        form_no,
        project_id,
        match_method
    from by_alias
    union all
    select
        counted.document_id,
        counted.form_no,
        counted.project_id,
        case counted.preference when 1 then 'exact' else 'punctuation' end as match_method
    from counted
    left join by_alias
        on counted.document_id = by_alias.document_id and counted.project_id = by_alias.project_id
    where counted.project_count = 1 and counted.form_count = 1 and by_alias.project_id is null
),

final as (
    select
        forms.document_id,
        forms.form_no,
        forms.form_key,
        forms.form_name,
        matched.project_id,
        matched.match_method,
        case
            when matched.project_id is not null then null
            when forms.form_name is null then 'no_name'
            when
                exists (
                    select 1 from counted
                    where counted.document_id = forms.document_id and counted.form_no = forms.form_no
                ) then 'ambiguous_name'
            when
                forms.document_kind = 'final'
                or not exists (
                    select 1 from projects where projects.document_id = forms.document_id
                ) then 'no_project_table'
            else 'no_such_project'
        end as unmatched_reason,
        forms.first_line_no as line_no
    from forms
    left join matched on forms.document_id = matched.document_id and forms.form_no = matched.form_no
)

select * from final
