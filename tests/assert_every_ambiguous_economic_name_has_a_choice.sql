-- A name that means several codes at one time has a choice for each of them, and a choice means a code
-- that bears the name.
with items as (
    select economic_scheme, economic_code, economic_name, valid_from_year, valid_to_year
    from {{ ref('economic_categories') }}
    where length(economic_code) = 5
),

ambiguous as (
    select distinct items.economic_scheme, items.economic_name, items.economic_code
    from items
    inner join items as rivals
        on
            items.economic_scheme = rivals.economic_scheme
            and {{ fold_words('items.economic_name') }} = {{ fold_words('rivals.economic_name') }}
            and items.economic_code != rivals.economic_code
            and items.valid_from_year <= rivals.valid_to_year
            and items.valid_to_year >= rivals.valid_from_year
),

choices as (
    select economic_scheme, economic_name, department_class_code, economic_code
    from {{ ref('economic_name_choices') }}
),

final as (
    select
        ambiguous.economic_scheme,
        ambiguous.economic_name,
        ambiguous.economic_code,
        'no choice says when the name means this code' as fault
    from ambiguous
    left join choices
        on
            ambiguous.economic_scheme = choices.economic_scheme
            and {{ fold_words('ambiguous.economic_name') }} = {{ fold_words('choices.economic_name') }}
            and ambiguous.economic_code = choices.economic_code
    where choices.economic_code is null

    union all

    select
        choices.economic_scheme,
        choices.economic_name,
        choices.economic_code,
        'no category of this code bears the name' as fault
    from choices
    left join items
        on
            choices.economic_scheme = items.economic_scheme
            and {{ fold_words('choices.economic_name') }} = {{ fold_words('items.economic_name') }}
            and choices.economic_code = items.economic_code
    where items.economic_code is null
)

select * from final
