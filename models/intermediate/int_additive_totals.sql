{{ config(materialized='view') }}

-- What the facts for adding sum up to beside each printed total: as a whole, and column by column.
{%- set facts = [
    ('fct_expenditure_by_subject', 'expenditure_by_subject', "'all'", 'expenditure_kind'),
    ('fct_expenditure_by_economic_category', 'expenditure_by_economic_category', "'all'", 'expenditure_kind'),
    ('fct_project_budgets', 'project_budgets', 'origin', 'fund_code'),
    ('fct_income', 'income', 'origin', 'fund_code'),
    ('fct_three_public', 'three_public', "'all'", 'fund_code'),
] %}

with facts as (
    {%- for fact, matter, origin_key, fact_column in facts %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        '{{ fact }}' as fact,
        document_id,
        statement_code,
        phase,
        {{ origin_key }} as origin_key,
        {{ fact_column }} as column_key,
        amount_yuan,
        quantum_yuan
    from {{ ref(fact) }}
    {%- endfor %}
),

current_amounts as (
    select amounts.*, statements.authoritative_for
    from {{ ref('fct_amounts') }} as amounts
    inner join {{ ref('statements') }} as statements on amounts.statement_code = statements.statement_code
    where amounts.is_current
),

printed as (
    {%- for fact, matter, origin_key, fact_column in facts %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        '{{ fact }}' as fact,
        document_id,
        statement_code,
        phase,
        {{ origin_key }} as origin_key,
        {{ fact_column }} as column_key,
        row_role,
        column_role,
        line_no,
        amount_yuan,
        quantum_yuan
    from current_amounts
    -- What a table prints for the record (last year, a total of another kind) is not for adding.
    where authoritative_for = '{{ matter }}' and column_role is distinct from 'memo'
    {%- endfor %}
),

shapes as (
    select
        document_id,
        statement_code,
        phase,
        origin_key,
        max(case when row_role = 'total' then 1 else 0 end) as has_total_row,
        max(case when column_role = 'total' then 1 else 0 end) as has_total_column
    from printed
    group by document_id, statement_code, phase, origin_key
),

totals as (
    -- The one number at the end of the table. A table of one row has it in its total column only, a
    -- table of one column (f06: one for each block) in its total row only.
    select
        printed.fact,
        printed.document_id,
        printed.statement_code,
        printed.phase,
        printed.origin_key,
        'whole' as column_key,
        max(printed.line_no) as line_no,
        sum(printed.amount_yuan) as amount_yuan,
        sum(printed.quantum_yuan) as quantum_yuan
    from printed
    inner join shapes
        on
            printed.document_id = shapes.document_id
            and printed.statement_code = shapes.statement_code
            and printed.phase = shapes.phase
            and printed.origin_key = shapes.origin_key
    where
        (printed.row_role = 'total' or shapes.has_total_row = 0)
        and (printed.column_role = 'total' or shapes.has_total_column = 0)
        and (shapes.has_total_row = 1 or shapes.has_total_column = 1)
    group by printed.fact, printed.document_id, printed.statement_code, printed.phase, printed.origin_key

    union all

    select
        fact,
        document_id,
        statement_code,
        phase,
        origin_key,
        column_key,
        max(line_no) as line_no,
        sum(amount_yuan) as amount_yuan,
        sum(quantum_yuan) as quantum_yuan
    from printed
    where row_role = 'total' and column_role = 'part'
    group by fact, document_id, statement_code, phase, origin_key, column_key
),

sums as (
    select
        fact,
        document_id,
        statement_code,
        phase,
        origin_key,
        'whole' as column_key,
        sum(amount_yuan) as amount_yuan,
        sum(quantum_yuan) as quantum_yuan
    from facts
    group by fact, document_id, statement_code, phase, origin_key

    union all

    select
        fact,
        document_id,
        statement_code,
        phase,
        origin_key,
        column_key,
        sum(amount_yuan) as amount_yuan,
        sum(quantum_yuan) as quantum_yuan
    from facts
    group by fact, document_id, statement_code, phase, origin_key, column_key
),

-- A table with money in it of which the fact knows nothing, whether it prints a total or not.
unknown as (
    select
        printed.fact,
        printed.document_id,
        printed.statement_code,
        'all' as phase,
        'all' as origin_key,
        'whole' as column_key,
        min(printed.line_no) as line_no,
        sum(abs(printed.amount_yuan)) as amount_yuan,
        cast(0 as decimal(18, 2)) as quantum_yuan
    from printed
    left join sums
        on
            printed.fact = sums.fact
            and printed.document_id = sums.document_id
            and printed.statement_code = sums.statement_code
    where sums.document_id is null and printed.amount_yuan != 0
    group by printed.fact, printed.document_id, printed.statement_code
),

expected as (
    select * from totals
    union all
    select * from unknown
),

-- Where the printed table disagrees with itself, that is a finding already and no fault of the fact.
findings as (
    select distinct document_id, statement_code
    from {{ ref('fct_identity_checks') }}
    where family in ('row', 'tree', 'leaves') and verdict = 'broken'
),

final as (
    select
        expected.fact,
        expected.document_id,
        expected.statement_code,
        expected.phase,
        expected.origin_key,
        expected.column_key,
        expected.line_no,
        cast(expected.amount_yuan as decimal(18, 2)) as printed_total_yuan,
        cast(coalesce(sums.amount_yuan, 0) as decimal(18, 2)) as fact_yuan,
        {{ rounding_bound('(expected.quantum_yuan + coalesce(sums.quantum_yuan, 0))') }} as bound_yuan,
        findings.document_id is not null as has_broken_verdict
    from expected
    left join sums
        on
            expected.fact = sums.fact
            and expected.document_id = sums.document_id
            and expected.statement_code = sums.statement_code
            and expected.phase = sums.phase
            and expected.origin_key = sums.origin_key
            and expected.column_key = sums.column_key
    left join findings
        on
            expected.document_id = findings.document_id
            and expected.statement_code = findings.statement_code
)

select * from final
