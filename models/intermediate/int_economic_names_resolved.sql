-- The code of every economic name, and where a name has several codes, the one for each class it stands in.
with categories as (
    select
        economic_scheme,
        economic_code,
        valid_from_year,
        valid_to_year,
        {{ fold_words('economic_name') }} as economic_name
    from {{ ref('economic_categories') }}
),

ranked as (
    select
        *,
        -- Codes that were in force together share a name; codes of different years do not compete.
        (
            select count(*)
            from categories as others
            where
                others.economic_scheme = categories.economic_scheme
                and others.economic_name = categories.economic_name
                and others.valid_from_year <= categories.valid_to_year
                and others.valid_to_year >= categories.valid_from_year
                and length(others.economic_code) = 5
        ) as candidate_count
    from categories
    where length(economic_code) = 5
),

chosen as (
    select
        choices.economic_scheme,
        {{ fold_words('choices.economic_name') }} as economic_name,
        choices.department_class_code,
        choices.economic_code
    from {{ ref('economic_name_choices') }} as choices
),

final as (
    select
        ranked.economic_scheme,
        ranked.economic_name,
        chosen.department_class_code,
        ranked.economic_code,
        ranked.valid_from_year,
        ranked.valid_to_year
    from ranked
    left join chosen
        on
            ranked.economic_scheme = chosen.economic_scheme
            and ranked.economic_name = chosen.economic_name
            and ranked.economic_code = chosen.economic_code
    where ranked.candidate_count = 1 or chosen.economic_code is not null
)

select * from final
