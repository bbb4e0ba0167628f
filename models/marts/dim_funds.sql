-- The funds money comes from, and the sums of funds that tables print.
with listed as (
    select * from {{ ref('funds') }}
),

parents as (
    select distinct parent_fund_code as fund_code from listed where parent_fund_code is not null
),

final as (
    select
        listed.fund_code,
        listed.fund_name,
        listed.fund_name_en,
        listed.parent_fund_code,
        parents.fund_code is null as is_leaf
    from listed
    left join parents on listed.fund_code = parents.fund_code
)

select * from final
