-- Each printed figure as an exact number: money in yuan with the size of its last digit, or a count.
with cells as (
    select
        *,
        {{ read_amount('printed_amount') }} as printed_number,
        {{ count_decimals('printed_amount') }} as decimals
    from {{ ref('stg_cells') }}
),

money_units as (
    select printed_unit, cast(yuan as decimal(9, 0)) as yuan from {{ ref('money_units') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by document_id, statement_code, unit_of_measure
            order by decimals desc
        ) as place,
        count(*) over (partition by document_id, statement_code, unit_of_measure) as number_count
    from cells
),

precisions as (
    -- The last digit belongs to the table, not to a number: 1507 among 1507.25 is 1507.00 trimmed. More than
    -- two decimals are the table's if a tenth of its numbers print them: a single number of four decimals
    -- does not make the others, rounded as they are, any finer.
    select
        document_id,
        statement_code,
        unit_of_measure,
        greatest(
            max(least(decimals, 2)), max(case when 10 * place >= number_count then decimals end)
        ) as decimals
    from ranked
    group by document_id, statement_code, unit_of_measure
),

final as (
    select
        cells.document_id,
        cells.statement_code,
        cells.line_no,
        cells.block_no,
        cells.column_code,
        cells.block,
        cells.row_code,
        cells.unit_of_measure,
        money_units.yuan is not null as is_money,
        cast(cells.printed_number * money_units.yuan as decimal(18, 2)) as amount_yuan,
        cast(
            {{ last_digit('greatest(cells.decimals, precisions.decimals)') }} * money_units.yuan
            as decimal(18, 2)
        ) as quantum_yuan,
        case when money_units.yuan is null then cells.printed_number end as counted_value,
        cells.printed_number,
        cells.decimals,
        cells.printed_label,
        cells.printed_column,
        cells.printed_amount,
        cells.page_no
    from cells
    inner join precisions
        on
            cells.document_id = precisions.document_id
            and cells.statement_code = precisions.statement_code
            and cells.unit_of_measure = precisions.unit_of_measure
    left join money_units on cells.unit_of_measure = money_units.printed_unit
)

select * from final
