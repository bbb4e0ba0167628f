-- Economic categories of both schemes in the years in which they bore a name.
with listed as (
    select economic_scheme, economic_code, economic_name, valid_from_year, valid_to_year, source
    from {{ ref('economic_categories') }}
),

printed as (
    select
        economic_code,
        fiscal_year,
        max({{ fold_words('printed_label') }}) as economic_name
    from {{ ref('int_rows_nested') }}
    where economic_code is not null
    group by economic_code, fiscal_year
),

known_codes as (
    select distinct economic_code from listed where economic_scheme = 'department'
),

-- As in dim_subjects: what documents print and no list has in that year is here too.
gaps as (
    select
        printed.economic_code,
        printed.economic_name,
        printed.fiscal_year,
        case when known_codes.economic_code is null then 2007 else printed.fiscal_year end as first_year,
        case when known_codes.economic_code is null then 9999 else printed.fiscal_year end as last_year
    from printed
    left join known_codes on printed.economic_code = known_codes.economic_code
    left join listed
        on
            printed.economic_code = listed.economic_code
            and listed.economic_scheme = 'department'
            and printed.fiscal_year between listed.valid_from_year and listed.valid_to_year
    where listed.economic_code is null
),

unlisted as (
    select
        'department' as economic_scheme,
        economic_code,
        max_by(economic_name, fiscal_year) as economic_name,
        first_year as valid_from_year,
        last_year as valid_to_year,
        'document' as source
    from gaps
    group by economic_code, first_year, last_year
),

categories as (
    select * from listed
    union all
    select * from unlisted
),

final as (
    select
        categories.economic_code,
        categories.economic_name,
        categories.economic_scheme,
        case length(categories.economic_code) when 3 then 'class' else 'item' end as economic_level,
        classes.economic_code as class_code,
        classes.economic_name as class_name,
        cast(categories.valid_from_year as integer) as valid_from_year,
        cast(categories.valid_to_year as integer) as valid_to_year,
        categories.source
    from categories
    left join categories as classes
        on
            left(categories.economic_code, 3) = classes.economic_code
            and categories.economic_scheme = classes.economic_scheme
            and categories.valid_to_year between classes.valid_from_year and classes.valid_to_year
)

select * from final
