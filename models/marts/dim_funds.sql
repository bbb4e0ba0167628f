-- The funds money comes from, and the sums of funds that tables print.
with funds as (
    select * from {{ ref('funds') }}
),

final as (
    select
        funds.fund_code,
        funds.fund_name,
        funds.fund_name_en,
        funds.parent_fund_code,
        funds.fund_code not in (select parent_fund_code from funds where parent_fund_code is not null) as is_leaf
    from funds
)

select * from final
