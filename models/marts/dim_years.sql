-- The fiscal years that any disclosure is of.
with final as (
    select
        fiscal_year,
        make_date(fiscal_year, 1, 1) as first_date,
        make_date(fiscal_year, 12, 31) as last_date
    from {{ ref('int_documents_identified') }}
    group by fiscal_year
)

select * from final
