-- Economic categories of both schemes in the years in which they bore a name.
with listed as (
    select economic_scheme, economic_code, economic_name, valid_from_year, valid_to_year, source
    from {{ ref('economic_categories') }}
),

printed as (
    select
        economic_code,
        max_by({{ fold_words('printed_label') }}, fiscal_year) as economic_name
    from {{ ref('int_rows_nested') }}
    where economic_code is not null
    group by economic_code
),

categories as (
    select * from listed
    union all
    select
        'department' as economic_scheme,
        printed.economic_code,
        printed.economic_name,
        2018 as valid_from_year,
        9999 as valid_to_year,
        'document' as source
    from printed
    left join listed
        on printed.economic_code = listed.economic_code and listed.economic_scheme = 'department'
    where listed.economic_code is null
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
