-- Each figure of a performance form as an exact number: money in yuan, a rate, or a score.
with printed as (
    select
        *,
        -- A number of people carries its unit: 123人.
        case
            when block = 'counts' then {{ read_magnitude('printed_value', 1) }} else printed_value
        end as printed_number_text
    from {{ ref('stg_form_cells') }}
),

cells as (
    select
        *,
        {{ read_amount('printed_number_text') }} as printed_number,
        {{ count_decimals('printed_number_text') }} as decimals
    from printed
),

forms as (
    select * from {{ ref('int_forms_identified') }}
),

form_columns as (
    select * from {{ ref('form_columns') }}
),

form_rows as (
    select * from {{ ref('form_rows') }}
),

money_units as (
    select * from {{ ref('money_units') }}
),

placed as (
    select
        cells.*,
        forms.form_code,
        forms.form_key,
        forms.state,
        forms.unit_of_money,
        form_columns.block_no,
        form_columns.measure,
        form_columns.column_name,
        form_rows.row_role
    from cells
    inner join forms on cells.document_id = forms.document_id and cells.form_no = forms.form_no
    inner join form_columns
        on
            forms.form_code = form_columns.form_code
            and cells.block = form_columns.block
            and cells.column_code = form_columns.column_code
    inner join form_rows on forms.form_code = form_rows.form_code and cells.row_code = form_rows.row_code
),

precisions as (
    -- One system prints the forms of a document and trims their zeros: 160 among 28.727 is 160.000.
    select
        document_id,
        form_code,
        measure,
        max(decimals) as decimals
    from placed
    group by document_id, form_code, measure
),

final as (
    select
        placed.document_id,
        placed.form_no,
        placed.form_code,
        placed.form_key,
        placed.state,
        placed.line_no,
        placed.block_no,
        placed.block,
        placed.row_code,
        placed.row_role,
        placed.column_code,
        placed.measure,
        case
            when placed.measure = 'money' then cast(
                placed.printed_number * cast(money_units.yuan as decimal(9, 0)) as decimal(18, 2)
            )
        end as amount_yuan,
        case
            when placed.measure = 'money' then cast(
                {{ last_digit('precisions.decimals') }} * cast(money_units.yuan as decimal(9, 0))
                as decimal(18, 2)
            )
        end as quantum_yuan,
        case
            when placed.measure = 'ratio'
                then cast(placed.printed_number * cast(0.01 as decimal(3, 2)) as decimal(18, 6))
        end as stated_ratio,
        case
            when placed.measure = 'ratio'
                then cast(
                    {{ last_digit('precisions.decimals') }} * cast(0.01 as decimal(3, 2)) as decimal(18, 6)
                )
        end as quantum_ratio,
        case
            when placed.measure = 'score' then cast(placed.printed_number as decimal(18, 6))
        end as stated_score,
        case
            when placed.measure = 'score' then cast({{ last_digit('precisions.decimals') }} as decimal(18, 6))
        end as quantum_score,
        case when placed.measure = 'count' then cast(placed.printed_number as decimal(18, 2)) end
            as counted_value,
        case
            when placed.measure = 'count' then {{ read_magnitude('placed.printed_value', 3) }}
            else placed.unit_of_money
        end as unit_of_measure,
        placed.printed_number_text,
        placed.printed_label,
        placed.column_name as printed_column,
        placed.printed_value,
        placed.unit_of_money,
        placed.page_no
    from placed
    inner join precisions
        on
            placed.document_id = precisions.document_id
            and placed.form_code = precisions.form_code
            and placed.measure = precisions.measure
    left join money_units on placed.unit_of_money = money_units.printed_unit
)

select * from final
