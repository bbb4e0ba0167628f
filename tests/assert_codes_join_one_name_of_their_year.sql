-- A printed code has one name in its document's year: a join on code and year neither loses nor doubles
-- an amount.
with printed as (
    select
        'subject' as code_list,
        subject_code as printed_code,
        fiscal_year,
        count(*) as amount_count
    from {{ ref('fct_amounts') }}
    where subject_code is not null
    group by subject_code, fiscal_year

    union all

    select
        'department' as code_list,
        economic_code as printed_code,
        fiscal_year,
        count(*) as amount_count
    from {{ ref('fct_amounts') }}
    where economic_code is not null
    group by economic_code, fiscal_year

    union all

    select
        'government' as code_list,
        government_economic_code as printed_code,
        fiscal_year,
        count(*) as amount_count
    from {{ ref('fct_amounts') }}
    where government_economic_code is not null
    group by government_economic_code, fiscal_year
),

names as (
    select 'subject' as code_list, subject_code as listed_code, valid_from_year, valid_to_year
    from {{ ref('dim_subjects') }}

    union all

    select economic_scheme as code_list, economic_code as listed_code, valid_from_year, valid_to_year
    from {{ ref('dim_economic_categories') }}
),

final as (
    select
        printed.code_list,
        printed.printed_code,
        printed.fiscal_year,
        printed.amount_count,
        count(names.listed_code) as name_count
    from printed
    left join names
        on
            printed.code_list = names.code_list
            and printed.printed_code = names.listed_code
            and printed.fiscal_year between names.valid_from_year and names.valid_to_year
    group by printed.code_list, printed.printed_code, printed.fiscal_year, printed.amount_count
    having count(names.listed_code) != 1
)

select * from final
