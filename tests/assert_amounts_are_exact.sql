-- An amount is the printed digits times the unit, to the last one: counted again in whole numbers, where
-- no cast can round and no float can creep in.
with figures as (
    select
        document_id,
        statement_code as place,
        line_no,
        printed_amount,
        unit_of_measure,
        amount_yuan,
        quantum_yuan
    from {{ ref('fct_amounts') }}

    union all

    -- The sign of a claim is a word (减少), not a digit: taken back, the number is as printed.
    select
        document_id,
        section as place,
        line_no,
        printed_value as printed_amount,
        unit_of_measure,
        amount_yuan * case when sign = '-' then -1 else 1 end as amount_yuan,
        null as quantum_yuan
    from {{ ref('fct_claims') }}
    where amount_yuan is not null

    union all

    -- A count is measured in itself.
    select
        document_id,
        statement_code as place,
        line_no,
        printed_amount,
        null as unit_of_measure,
        value as amount_yuan,
        null as quantum_yuan
    from {{ ref('fct_statistics') }}
),

spelled as (
    select
        figures.*,
        coalesce(money_units.yuan, 1) as unit_yuan,
        cast(translate(figures.printed_amount, '０１２３４５６７８９－．，.,', '0123456789-') as hugeint) as digits,
        cast({{ count_decimals('figures.printed_amount') }} as integer) as decimals,
        cast(figures.amount_yuan * 100 as hugeint) as amount_fen,
        cast(figures.quantum_yuan * 100 as hugeint) as quantum_fen
    from figures
    left join {{ ref('money_units') }} as money_units on figures.unit_of_measure = money_units.printed_unit
),

final as (
    select
        document_id,
        place,
        line_no,
        printed_amount,
        unit_of_measure,
        amount_yuan,
        quantum_yuan
    from spelled
    where
        amount_yuan is null
        -- More than the six decimals that read_amount keeps.
        or decimals > 6
        or digits * unit_yuan * 100 != amount_fen * cast(rpad('1', decimals + 1, '0') as hugeint)
        -- The last digit is at least a fen, and the amount a whole number of it.
        or quantum_fen = 0
        or amount_fen % quantum_fen != 0
)

select * from final
