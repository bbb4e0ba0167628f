-- Function subjects in the years in which they bore a name; what documents print and no list has is here too.
with listed as (
    select subject_code, subject_name, valid_from_year, valid_to_year, source
    from {{ ref('function_subjects') }}
),

printed as (
    select
        subject_code,
        fiscal_year,
        max({{ fold_words('printed_label') }}) as subject_name
    from {{ ref('int_rows_nested') }}
    where subject_code is not null
    group by subject_code, fiscal_year
),

known_codes as (
    select distinct subject_code from listed
),

printed_codes as (
    select distinct subject_code from printed
),

-- A code that no list has gets the name the latest document prints; one that the lists have for other
-- years only gets a row for each year it is printed in.
gaps as (
    select
        printed.subject_code,
        printed.subject_name,
        printed.fiscal_year,
        case when known_codes.subject_code is null then 2007 else printed.fiscal_year end as first_year,
        case when known_codes.subject_code is null then 9999 else printed.fiscal_year end as last_year
    from printed
    left join known_codes on printed.subject_code = known_codes.subject_code
    left join listed
        on
            printed.subject_code = listed.subject_code
            and printed.fiscal_year between listed.valid_from_year and listed.valid_to_year
    where listed.subject_code is null
),

unlisted as (
    select
        subject_code,
        max_by(subject_name, fiscal_year) as subject_name,
        first_year as valid_from_year,
        last_year as valid_to_year,
        'document' as source
    from gaps
    group by subject_code, first_year, last_year
),

subjects as (
    select * from listed
    union all
    select * from unlisted
),

final as (
    select
        subjects.subject_code,
        subjects.subject_name,
        case length(subjects.subject_code)
            when 3 then 'class'
            when 5 then 'division'
            when 7 then 'item'
        end as subject_level,
        classes.subject_code as class_code,
        classes.subject_name as class_name,
        divisions.subject_code as division_code,
        divisions.subject_name as division_name,
        cast(subjects.valid_from_year as integer) as valid_from_year,
        cast(subjects.valid_to_year as integer) as valid_to_year,
        subjects.source,
        printed_codes.subject_code is not null as is_printed
    from subjects
    -- Names of the last year of the span: a class may have been renamed while its items were not.
    left join subjects as classes
        on
            left(subjects.subject_code, 3) = classes.subject_code
            and subjects.valid_to_year between classes.valid_from_year and classes.valid_to_year
    left join subjects as divisions
        on
            length(subjects.subject_code) >= 5
            and left(subjects.subject_code, 5) = divisions.subject_code
            and subjects.valid_to_year between divisions.valid_from_year and divisions.valid_to_year
    left join printed_codes on subjects.subject_code = printed_codes.subject_code
)

select * from final
