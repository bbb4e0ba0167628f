-- The accounting identities, in words.
with final as (
    select
        identity_id,
        statement_code,
        family,
        kind,
        identity_name,
        identity_name_en
    from {{ ref('identities') }}
)

select * from final
