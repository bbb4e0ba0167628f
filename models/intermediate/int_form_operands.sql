-- Every figure in every identity instance of the performance forms, with side, weight and role.
with figures as (
    select
        *,
        count(distinct case when row_code = 'source' then line_no end) over (
            partition by document_id, form_no
        ) as source_count
    from {{ ref('int_form_figures_measured') }}
),

forms as (
    select * from {{ ref('int_forms_identified') }}
),

matched as (
    select * from {{ ref('int_projects_matched') }}
),

indicators as (
    select measured.*, forms.form_key, forms.form_code
    from {{ ref('int_indicators_measured') }} as measured
    inner join forms on measured.document_id = forms.document_id and measured.form_no = forms.form_no
    where forms.form_code in ('p01', 'e01')
),

grades as (
    select * from {{ ref('evaluation_grades') }}
),

-- Figures of the official tables that forms answer to.
table_figures as (
    select * from {{ ref('int_figures_dimensioned') }}
),

claims as (
    select
        claims.*,
        cast(
            {{ read_amount('claims.printed_value') }} * cast(money_units.yuan as decimal(9, 0))
            as decimal(18, 2)
        ) as amount_yuan,
        -- Narratives state money to two decimals and trim the zeros.
        cast(cast(0.01 as decimal(3, 2)) * cast(money_units.yuan as decimal(9, 0)) as decimal(18, 2))
            as quantum_yuan,
        case when money_units.yuan is null then {{ read_amount('claims.printed_value') }} end as counted_value
    from {{ ref('stg_claims') }} as claims
    left join {{ ref('money_units') }} as money_units on claims.unit_of_measure = money_units.printed_unit
),

-- A project that stands in both tables has two amounts: which of them a form means is not told.
projects as (
    select
        *,
        count(*) over (partition by document_id, project_id) as table_count
    from table_figures
    where
        statement_code in ('b12', 'b13')
        and project_id is not null
        and column_code = 'total'
        and is_money
),

form_figures as (
    select
        case form_code
            when 'p01' then 'p.target.sources'
            when 'p02' then 'p.overall.parts'
            when 'e01' then 'e.sources'
        end as identity_id,
        form_key || ':' || case form_code when 'e01' then column_code else block end as instance,
        case row_role when 'total' then 'reported' else 'computed' end as side,
        1 as weight,
        row_role as role,
        *
    from figures
    where measure = 'money'

    union all

    select
        'p.target.term' as identity_id,
        form_key || ':' || row_code as instance,
        case block when 'term' then 'reported' else 'computed' end as side,
        1 as weight,
        block as role,
        *
    from figures
    where
        form_code = 'p01'
        -- A form may leave its whole term out: nothing is no frame for a year.
        and exists (
            select 1 from figures as totals
            where
                totals.document_id = figures.document_id
                and totals.form_no = figures.form_no
                and totals.block = 'term'
                and totals.row_code = 'total'
                and totals.amount_yuan > 0
        )

    union all

    select
        'p.target-b12' as identity_id,
        form_key as instance,
        'reported' as side,
        1 as weight,
        block as role,
        *
    from figures
    where form_code = 'p01' and row_code = 'total' and block = 'year'

    union all

    select
        'p.sum' as identity_id,
        'document' as instance,
        'computed' as side,
        1 as weight,
        block as role,
        *
    from figures
    where form_code = 'p01' and row_code = 'total' and block = 'year'

    union all

    select
        'p.sum-b12' as identity_id,
        'document' as instance,
        'computed' as side,
        1 as weight,
        block as role,
        *
    from figures
    where form_code = 'p01' and row_code = 'total' and block = 'year'

    union all

    select
        'p.overall-b03' as identity_id,
        form_key || ':' || row_code as instance,
        'reported' as side,
        1 as weight,
        block as role,
        *
    from figures
    where form_code = 'p02' and block = 'use' and row_code in ('total', 'basic', 'project')

    union all

    select
        'p.overall.staff' as identity_id,
        form_key as instance,
        case row_code when 'staff_total' then 'reported' else 'computed' end as side,
        1 as weight,
        row_code as role,
        *
    from figures
    where row_code in ('staff_total', 'staff_established', 'staff_other')

    union all

    select
        'e.balance' as identity_id,
        form_key as instance,
        case column_code when 'balance' then 'reported' else 'computed' end as side,
        case column_code when 'executed' then -1 else 1 end as weight,
        column_code as role,
        *
    from figures
    where row_code = 'total' and column_code in ('annual_budget', 'executed', 'balance')

    union all

    select
        'e.rate' as identity_id,
        form_key || case row_code when 'total' then '' else ':' || line_no end as instance,
        case column_code when 'execution_rate' then 'reported' else 'computed' end as side,
        1 as weight,
        column_code as role,
        *
    from figures
    where row_code in ('total', 'source') and column_code in ('annual_budget', 'executed', 'execution_rate')

    union all

    select
        'e.score' as identity_id,
        form_key || case row_code when 'total' then '' else ':' || line_no end as instance,
        case column_code when 'score' then 'reported' else 'computed' end as side,
        case column_code when 'score' then 1 else 10 end as weight,
        column_code as role,
        *
    from figures
    where
        form_code = 'e01'
        and column_code in ('execution_rate', 'score')
        and (
            row_code = 'total'
            -- Of several sources none needs to have a score of its own.
            or (row_code = 'source' and source_count = 1)
        )

    union all

    select
        'e.total' as identity_id,
        form_key as instance,
        case row_code when 'total_score' then 'reported' else 'computed' end as side,
        1 as weight,
        row_code as role,
        *
    from figures
    where form_code = 'e01' and column_code = 'score' and row_code in ('total', 'total_score')

    union all

    select
        'e.grade' as identity_id,
        form_key as instance,
        'reported' as side,
        1 as weight,
        row_code as role,
        *
    from figures
    where row_code = 'total_score'
),

-- What a kind of operand has not is null: they are put together by the names of their columns.
figure_operands as (
    select
        document_id,
        identity_id,
        instance,
        form_no,
        side,
        weight,
        role,
        measure = 'money' as is_money,
        amount_yuan,
        quantum_yuan,
        counted_value,
        stated_ratio,
        quantum_ratio,
        stated_score,
        quantum_score,
        block_no,
        column_code,
        printed_label,
        printed_column,
        printed_value as printed_amount,
        page_no,
        line_no
    from form_figures
),

-- What an indicator scored, and what it could score.
indicator_operands as (
    select
        document_id,
        'e.total' as identity_id,
        form_key as instance,
        form_no,
        'computed' as side,
        1 as weight,
        'indicator' as role,
        false as is_money,
        cast(score as decimal(18, 6)) as stated_score,
        cast(0 as decimal(18, 6)) as quantum_score,
        1 as block_no,
        'indicator_score' as column_code,
        indicator_name as printed_label,
        '得分' as printed_column,
        printed_score as printed_amount,
        page_no,
        line_no
    from indicators
    where form_code = 'e01' and score is not null

    union all

    select
        document_id,
        case form_code when 'e01' then 'e.weights' else 'p.target.weights' end as identity_id,
        form_key as instance,
        form_no,
        'computed' as side,
        1 as weight,
        'indicator' as role,
        false as is_money,
        cast(full_score as decimal(18, 6)) as stated_score,
        cast(0 as decimal(18, 6)) as quantum_score,
        1 as block_no,
        'indicator_weight' as column_code,
        indicator_name as printed_label,
        '分值' as printed_column,
        printed_weight as printed_amount,
        page_no,
        line_no
    from indicators
    where full_score is not null
),

-- The least score of the grade that a form prints: its score lies from there up to the next grade.
grade_operands as (
    select
        forms.document_id,
        'e.grade' as identity_id,
        forms.form_key as instance,
        forms.form_no,
        'computed' as side,
        1 as weight,
        'grade' as role,
        false as is_money,
        cast(grades.lowest_score as decimal(18, 6)) as stated_score,
        cast(0 as decimal(18, 6)) as quantum_score,
        1 as block_no,
        'grade' as column_code,
        forms.printed_project_name as printed_label,
        '自评等级' as printed_column,
        forms.printed_grade as printed_amount,
        forms.grade_line_no as line_no
    from forms
    inner join grades on forms.printed_grade = grades.grade_name
),

-- Each form counts as one, with its first line.
counted_forms as (
    select
        document_id,
        case form_code when 'p01' then 'p.count' else 'e.count' end as identity_id,
        'document' as instance,
        form_no,
        printed_project_name,
        first_line_no
    from forms
    where form_code in ('p01', 'e01')

    union all

    select
        forms.document_id,
        'e.grades' as identity_id,
        grades.grade_name as instance,
        forms.form_no,
        forms.printed_project_name,
        forms.first_line_no
    from forms
    inner join grades on forms.printed_grade = grades.grade_name
),

form_count_operands as (
    select
        document_id,
        identity_id,
        instance,
        form_no,
        'computed' as side,
        1 as weight,
        'form' as role,
        false as is_money,
        cast(1 as decimal(18, 2)) as counted_value,
        1 as block_no,
        'form' as column_code,
        printed_project_name as printed_label,
        '绩效表' as printed_column,
        '1' as printed_amount,
        first_line_no as line_no
    from counted_forms
),

claim_uses as (
    select
        'p.count' as identity_id,
        'document' as instance,
        'projects.published.count' as item,
        'count' as measure
    union all
    select
        'p.sum' as identity_id,
        'document' as instance,
        'projects.published.amount' as item,
        'amount' as measure
    union all
    select
        'e.count' as identity_id,
        'document' as instance,
        'evaluation.count' as item,
        'count' as measure
    union all
    select
        'e.grades' as identity_id,
        grade_name as instance,
        claim_item as item,
        'count' as measure
    from grades
),

claim_operands as (
    select
        claims.document_id,
        claim_uses.identity_id,
        claim_uses.instance,
        'reported' as side,
        1 as weight,
        'claim' as role,
        claims.amount_yuan is not null as is_money,
        claims.amount_yuan,
        claims.quantum_yuan,
        cast(claims.counted_value as decimal(18, 2)) as counted_value,
        claims.position_no as block_no,
        claims.measure as column_code,
        claims.item as printed_column,
        claims.printed_value as printed_amount,
        claims.page_no,
        claims.line_no
    from claims
    inner join claim_uses on claims.item = claim_uses.item and claims.measure = claim_uses.measure
),

table_uses as (
    select
        projects.document_id,
        'p.target-b12' as identity_id,
        matched.form_key as instance,
        matched.form_no,
        'computed' as side,
        projects.is_money,
        projects.amount_yuan,
        projects.quantum_yuan,
        projects.statement_code,
        projects.block_no,
        projects.column_code,
        projects.printed_label,
        projects.printed_column,
        projects.printed_amount,
        projects.page_no,
        projects.line_no
    from projects
    inner join matched
        on projects.document_id = matched.document_id and projects.project_id = matched.project_id
    where projects.table_count = 1

    union all

    select
        document_id,
        'p.sum-b12' as identity_id,
        'document' as instance,
        null as form_no,
        'reported' as side,
        is_money,
        amount_yuan,
        quantum_yuan,
        statement_code,
        block_no,
        column_code,
        printed_label,
        printed_column,
        printed_amount,
        page_no,
        line_no
    from table_figures
    where statement_code in ('b12', 'b13') and row_role = 'total' and column_code = 'total' and is_money

    union all

    select
        table_figures.document_id,
        'p.overall-b03' as identity_id,
        forms.form_key || ':' || table_figures.column_code as instance,
        forms.form_no,
        'computed' as side,
        table_figures.is_money,
        table_figures.amount_yuan,
        table_figures.quantum_yuan,
        table_figures.statement_code,
        table_figures.block_no,
        table_figures.column_code,
        table_figures.printed_label,
        table_figures.printed_column,
        table_figures.printed_amount,
        table_figures.page_no,
        table_figures.line_no
    from table_figures
    inner join forms on table_figures.document_id = forms.document_id and forms.form_code = 'p02'
    where
        table_figures.statement_code = 'b03'
        and table_figures.row_role = 'total'
        and table_figures.column_code in ('total', 'basic', 'project')
        and table_figures.is_money
),

table_operands as (
    select
        document_id,
        identity_id,
        instance,
        form_no,
        side,
        1 as weight,
        'table' as role,
        is_money,
        amount_yuan,
        quantum_yuan,
        statement_code,
        block_no,
        column_code,
        printed_label,
        printed_column,
        printed_amount,
        page_no,
        line_no
    from table_uses
),

operands as (
    select * from figure_operands
    union all by name
    select * from indicator_operands
    union all by name
    select * from grade_operands
    union all by name
    select * from form_count_operands
    union all by name
    select * from claim_operands
    union all by name
    select * from table_operands
),

final as (
    select
        operands.document_id,
        operands.identity_id,
        operands.instance,
        operands.form_no,
        operands.side,
        operands.weight,
        operands.role,
        operands.is_money,
        operands.amount_yuan,
        operands.quantum_yuan,
        operands.counted_value,
        operands.stated_ratio,
        operands.quantum_ratio,
        operands.stated_score,
        operands.quantum_score,
        -- A form is no official table: its figures stand under the table that it is judged with.
        coalesce(operands.statement_code, identities.statement_code) as statement_code,
        operands.block_no,
        operands.column_code,
        operands.printed_label,
        operands.printed_column,
        operands.printed_amount,
        operands.page_no,
        operands.line_no
    from operands
    inner join {{ ref('identities') }} as identities on operands.identity_id = identities.identity_id
)

select * from final
