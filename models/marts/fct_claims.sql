-- Every figure that a narrative states.
with claims as (
    select * from {{ ref('stg_claims') }}
),

documents as (
    select * from {{ ref('int_documents_identified') }}
),

money_units as (
    select * from {{ ref('money_units') }}
),

final as (
    select
        claims.document_id,
        documents.unit_id,
        documents.fiscal_year,
        claims.section,
        claims.item,
        claims.measure,
        cast(
            {{ read_amount('claims.printed_value') }} * money_units.yuan
            * case when claims.sign = '-' then -1 else 1 end as decimal(18, 2)
        ) as amount_yuan,
        claims.printed_value,
        claims.sign,
        claims.unit_of_measure,
        claims.page_no,
        claims.line_no
    from claims
    inner join documents on claims.document_id = documents.document_id
    left join money_units on claims.unit_of_measure = money_units.printed_unit
)

select * from final
