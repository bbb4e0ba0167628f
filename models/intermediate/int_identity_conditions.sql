-- The circumstances under which an identity is owed, and whether each document is in them.
with documents as (
    select * from {{ ref('int_documents_identified') }}
),

figures as (
    select * from {{ ref('int_figures_dimensioned') }} where is_money
),

-- A table that was read is one that can answer, even with nothing in it.
readable as (
    select
        document_id,
        bool_or(statement_code = 'b01') as has_b01,
        bool_or(statement_code = 'b02') as has_b02,
        bool_or(statement_code = 'b03') as has_b03,
        bool_or(statement_code = 'b04') as has_b04,
        bool_or(statement_code = 'b05') as has_b05,
        bool_or(statement_code = 'b11') as has_b11,
        bool_or(statement_code = 'b13') as has_b13,
        bool_or(statement_code = 'f01') as has_f01,
        bool_or(statement_code = 'f04') as has_f04,
        bool_or(statement_code = 'f10') as has_f10,
        -- Tables that say so leave out what was carried over; of others it cannot be told.
        bool_or(statement_code = 'b05' and {{ fold_words('printed_title') }} like '%不含上年结转%')
            as says_current_only
    from {{ ref('stg_tables') }}
    where state != 'set_aside'
    group by document_id
),

incomes as (
    select
        document_id,
        bool_or(column_code = 'carryover') as has_carryover_column,
        bool_or(column_code = 'total' and printed_column like '%本年收入%') as says_of_the_year
    from {{ ref('stg_columns') }}
    where statement_code = 'b02'
    group by document_id
),

measured as (
    select
        document_id,
        sum(amount_yuan) filter (
            where statement_code = 'b01' and row_code = 'carryover_out' and column_code = 'total'
        ) as carried_out,
        sum(amount_yuan) filter (
            where statement_code = 'b01' and block = 'income' and row_code = 'carryover_in'
        ) as carried_in,
        sum(amount_yuan) filter (
            where statement_code = 'b01' and block = 'income' and row_code = 'non_fiscal_balance_used'
        ) as balance_used,
        sum(amount_yuan) filter (
            where statement_code = 'b09' and block = 'expenditure'
            and row_role = 'total' and column_code = 'total'
        ) as state_capital,
        sum(amount_yuan) filter (
            where statement_code = 'b04' and block = 'income' and row_code = 'carryover_in'
        ) as appropriated_carried_in,
        sum(amount_yuan) filter (
            where statement_code = 'b04' and row_code = 'carryover_general_public_budget'
        ) as general_public_carried_in,
        sum(amount_yuan) filter (
            where statement_code = 'b04' and row_code = 'general_public_budget' and column_code = 'amount'
        ) as general_public_given,
        sum(amount_yuan) filter (
            where statement_code = 'b05' and row_code = 'total' and column_code = 'total'
        ) as general_public_spent,
        sum(amount_yuan) filter (
            where statement_code = 'b02' and row_code = 'total' and column_role = 'part'
            and column_code not in ('general_public_budget', 'carryover')
        ) as other_funds,
        sum(amount_yuan) filter (
            where statement_code = 'b03' and row_code = 'total' and column_code = 'basic'
        ) as basic,
        sum(amount_yuan) filter (
            where statement_code = 'b05' and row_code = 'total' and column_code = 'basic'
        ) as general_public_basic,
        sum(amount_yuan) filter (
            where statement_code = 'b13' and row_role = 'total' and column_role = 'total'
        ) as carried_projects,
        sum(amount_yuan) filter (
            where statement_code = 'b11' and row_role = 'total' and column_role = 'total'
        ) as budgeted_operating_cost,
        count(distinct line_no) filter (where statement_code = 'b11' and row_role = 'item')
            as operating_units,
        sum(amount_yuan) filter (
            where statement_code = 'f01' and block = 'expenditure' and row_code = 'current_total'
        ) as spent,
        sum(amount_yuan) filter (
            where statement_code = 'f04' and block = 'expenditure' and row_code = 'current_total'
            and column_role = 'total'
        ) as appropriation_spent,
        -- A negative balance may not hide a positive one.
        sum(abs(amount_yuan)) filter (
            where statement_code = 'f01'
            and row_code in (
                'carryover_in', 'non_fiscal_balance_used', 'balance_distributed', 'carryover_out'
            )
        ) as balances,
        sum(abs(amount_yuan)) filter (
            where statement_code = 'f01'
            and row_code in ('remitted_to_superior', 'affiliate_subsidy')
        ) as given_to_units,
        sum(amount_yuan) filter (
            where statement_code = 'f10' and item_code like 'operating_cost%'
        ) as operating_cost
    from figures
    group by document_id
),

-- What a readable table leaves blank is nothing for these questions.
answered as (
    select
        documents.document_id,
        documents.scope,
        readable.has_b01,
        readable.has_b02,
        readable.has_b03,
        readable.has_b04,
        readable.has_b05,
        readable.has_b11,
        readable.has_b13,
        readable.has_f01,
        readable.has_f04,
        readable.has_f10,
        readable.says_current_only,
        incomes.has_carryover_column or incomes.says_of_the_year as has_income_of_the_year,
        coalesce(measured.balance_used, 0) as balance_used,
        coalesce(measured.state_capital, 0) as state_capital,
        coalesce(measured.carried_out, 0) as carried_out,
        coalesce(measured.carried_in, 0) as carried_in,
        coalesce(measured.appropriated_carried_in, 0) as appropriated_carried_in,
        coalesce(measured.general_public_carried_in, 0) as general_public_carried_in,
        measured.general_public_given = measured.general_public_spent as spends_what_is_given,
        coalesce(measured.other_funds, 0) as other_funds,
        coalesce(measured.basic, 0) as basic,
        coalesce(measured.general_public_basic, 0) as general_public_basic,
        coalesce(measured.carried_projects, 0) as carried_projects,
        coalesce(measured.budgeted_operating_cost, 0) as budgeted_operating_cost,
        coalesce(measured.operating_units, 0) as operating_units,
        coalesce(measured.spent, 0) as spent,
        coalesce(measured.appropriation_spent, 0) as appropriation_spent,
        coalesce(measured.balances, 0) as balances,
        coalesce(measured.given_to_units, 0) as given_to_units,
        coalesce(measured.operating_cost, 0) as operating_cost
    from documents
    left join readable on documents.document_id = readable.document_id
    left join incomes on documents.document_id = incomes.document_id
    left join measured on documents.document_id = measured.document_id
),

final as (
    -- Nothing is left for next year: all income is spent on the subjects it is given for.
    select
        document_id,
        'no_carry_out' as condition,
        case when has_b01 then carried_out = 0 end as is_met
    from answered
    union all
    -- Nothing is carried in or out: what is given for a subject in the year is what is spent on it.
    select
        document_id,
        'no_carry_over' as condition,
        case
            when has_b01 and has_b04 then carried_in = 0 and appropriated_carried_in = 0 and carried_out = 0
        end as is_met
    from answered
    union all
    select
        document_id,
        'carryover_is_appropriated' as condition,
        case when has_b01 and has_b04 then carried_in = appropriated_carried_in end as is_met
    from answered
    union all
    select
        document_id,
        'carryover_is_general_public' as condition,
        case when has_b01 and has_b04 then carried_in = general_public_carried_in end as is_met
    from answered
    union all
    -- Carry-over may pay salaries or come from other funds; then the table of carried projects is smaller.
    select
        document_id,
        'carryover_is_appropriated_projects' as condition,
        case
            when has_b01 and has_b03 and has_b04 and has_b05
                then carried_in = appropriated_carried_in and basic = general_public_basic
        end as is_met
    from answered
    union all
    select
        document_id,
        'only_general_public_and_project_carryover' as condition,
        case
            when has_b01 and has_b02 and has_b13 then other_funds = 0 and carried_in = carried_projects
        end as is_met
    from answered
    union all
    -- An institution prints nothing or zero here: operating cost is owed by administrative units.
    select
        document_id,
        'one_unit_with_operating_cost' as condition,
        case when has_b11 then budgeted_operating_cost != 0 and operating_units = 1 end as is_met
    from answered
    union all
    select
        document_id,
        'several_units_with_operating_cost' as condition,
        case when has_b11 then budgeted_operating_cost != 0 and operating_units > 1 end as is_met
    from answered
    union all
    select
        document_id,
        'unit_with_operating_cost' as condition,
        case when has_f10 then operating_cost != 0 and scope = 'unit' end as is_met
    from answered
    union all
    select
        document_id,
        'department_with_operating_cost' as condition,
        case when has_f10 then operating_cost != 0 and scope = 'department' end as is_met
    from answered
    union all
    select
        document_id,
        'nothing_carried_or_left' as condition,
        case when has_f01 then balances = 0 end as is_met
    from answered
    union all
    -- The tables of this year's money leave out what was carried over, or nothing was.
    select
        document_id,
        'current_tables' as condition,
        case when has_b01 then coalesce(says_current_only, false) or carried_in = 0 end as is_met
    from answered
    union all
    -- A narrative tells of 当年拨款; a table that holds what was carried over, too, tells of something else.
    select
        document_id,
        'general_public_of_the_year' as condition,
        case
            when
                says_current_only
                or (has_b01 and carried_in = 0)
                or (has_b04 and appropriated_carried_in = 0)
                then true
            when has_b04 and has_b05 then spends_what_is_given
        end as is_met
    from answered
    union all
    select
        document_id,
        'no_carry_out_current_tables' as condition,
        case
            when has_b01 then carried_out = 0 and (coalesce(says_current_only, false) or carried_in = 0)
        end as is_met
    from answered
    union all
    select
        document_id,
        'carryover_is_general_public_current_tables' as condition,
        case
            when has_b01 and has_b04
                then
                    carried_in = general_public_carried_in
                    and (coalesce(says_current_only, false) or carried_in = 0)
        end as is_met
    from answered
    union all
    select
        document_id,
        'no_carry_over_nor_state_capital' as condition,
        case
            when has_b01 and has_b04
                then
                    carried_in = 0 and appropriated_carried_in = 0 and carried_out = 0
                    and state_capital = 0
        end as is_met
    from answered
    union all
    -- A table of income without a column of what was carried over may hold it in its total.
    select
        document_id,
        'income_is_of_the_year' as condition,
        case when has_b01 then coalesce(has_income_of_the_year, false) or carried_in = 0 end as is_met
    from answered
    union all
    select
        document_id,
        'no_balance_used' as condition,
        case when has_b01 then balance_used = 0 end as is_met
    from answered
    union all
    select
        document_id,
        'only_appropriated_money' as condition,
        case when has_f01 and has_f04 then spent = appropriation_spent end as is_met
    from answered
    union all
    -- What is given to other units has no economic class of its own in every publisher's account.
    select
        document_id,
        'nothing_for_other_units' as condition,
        case when has_f01 then given_to_units = 0 end as is_met
    from answered
)

select * from final
