-- Every department item stands beside a government item that the ministry's crosswalk gives it.
with pairs as (
    select
        amounts.economic_code,
        amounts.government_economic_code,
        min(amounts.document_id) as first_document_id,
        min(amounts.line_no) as first_line_no,
        count(*) as amount_count
    from {{ ref('fct_amounts') }} as amounts
    where
        amounts.is_current
        and amounts.economic_code is not null
        and amounts.government_economic_code is not null
    group by amounts.economic_code, amounts.government_economic_code
),

final as (
    select pairs.*
    from pairs
    left join {{ ref('economic_crosswalk') }} as crosswalk
        on
            pairs.government_economic_code = crosswalk.government_economic_code
            -- A whole class may be paid from one government item (50501 pays all of 301 for institutions).
            and crosswalk.department_economic_code in (pairs.economic_code, left(pairs.economic_code, 3))
    where crosswalk.government_economic_code is null
)

select * from final
