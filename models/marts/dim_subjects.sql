-- Function subjects in the years in which they bore a name; what documents print and no list has is here too.
with listed as (
    select subject_code, subject_name, valid_from_year, valid_to_year, source
    from {{ ref('function_subjects') }}
),

printed as (
    select
        subject_code,
        -- The name that the latest document prints.
        max_by({{ fold_words('printed_label') }}, fiscal_year) as subject_name,
        min(fiscal_year) as first_year,
        max(fiscal_year) as last_year
    from {{ ref('int_rows_nested') }}
    where subject_code is not null
    group by subject_code
),

unlisted as (
    select
        printed.subject_code,
        printed.subject_name,
        2007 as valid_from_year,
        9999 as valid_to_year,
        'document' as source
    from printed
    left join listed on printed.subject_code = listed.subject_code
    where listed.subject_code is null
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
        printed.subject_code is not null as is_printed
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
    left join printed on subjects.subject_code = printed.subject_code
)

select * from final
