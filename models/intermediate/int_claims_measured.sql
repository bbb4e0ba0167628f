-- Each figure of a narrative as an exact number with the size of its last digit, and the subject it is about.
with claims as (
    select
        *,
        -- 与上年相同 has no digits and no direction: a change of zero, printed to no digit.
        measure = 'change_amount' and sign is null as is_unchanged,
        item in ('reason', 'plan_deviation', 'unattributed') as is_aside
    from {{ ref('stg_claims') }}
),

documents as (
    select * from {{ ref('int_documents_identified') }}
),

money_units as (
    select * from {{ ref('money_units') }}
),

classes as (
    select
        subject_code,
        {{ fold_words('subject_name') }} as subject_name,
        valid_from_year,
        valid_to_year
    from {{ ref('function_subjects') }}
    where length(subject_code) = 3
),

read_claims as (
    select
        *,
        {{ read_amount('printed_value') }} as printed_number,
        case when not is_unchanged then {{ count_decimals('printed_value') }} end as decimals
    from claims
),

precisions as (
    -- The last digit belongs to a kind of sentence: 1507万元 among 629.80万元 is 1507.00 trimmed. A figure
    -- printed finer than two decimals speaks for itself only, and a reason for no other figure.
    select
        document_id,
        unit_of_measure,
        least(max(decimals), 2) as decimals
    from read_claims
    where not is_aside
    group by document_id, unit_of_measure
),

digits as (
    select
        read_claims.*,
        greatest(coalesce(read_claims.decimals, 0), coalesce(precisions.decimals, 0)) as printed_decimals
    from read_claims
    left join precisions
        on
            read_claims.document_id = precisions.document_id
            and read_claims.unit_of_measure = precisions.unit_of_measure
),

final as (
    select
        digits.document_id,
        documents.unit_id,
        documents.fiscal_year,
        documents.document_kind,
        digits.line_no,
        digits.position_no,
        digits.line_no || ':' || digits.position_no as claim_key,
        digits.section,
        digits.item,
        -- Whose completion or year before it is.
        split_part(split_part(digits.item, '.completion', 1), '.prior_year', 1) as base_item,
        digits.printed_label,
        classes.subject_code,
        coalesce(classes.subject_code, digits.printed_label, '') as subject_key,
        digits.measure,
        digits.is_aside,
        digits.is_unchanged,
        money_units.yuan is not null as is_money,
        cast(
            digits.printed_number * money_units.yuan * case when digits.sign = '-' then -1 else 1 end
            as decimal(18, 2)
        ) as amount_yuan,
        -- A change may be the difference of two rounded figures: it is known to a whole digit, not to half of one.
        cast(
            {{ last_digit('digits.printed_decimals') }} * money_units.yuan
            * case when digits.measure = 'change_amount' then 2 else 1 end as decimal(18, 2)
        ) as quantum_yuan,
        cast(
            case when digits.unit_of_measure = '%' then digits.printed_number end
            * cast(0.01 as decimal(3, 2)) * case when digits.sign = '-' then -1 else 1 end as decimal(18, 6)
        ) as stated_ratio,
        cast(
            case when digits.unit_of_measure = '%' then {{ last_digit('digits.printed_decimals') }} end
            * cast(0.01 as decimal(3, 2)) as decimal(18, 6)
        ) as quantum_ratio,
        cast(
            case
                when money_units.yuan is null and digits.unit_of_measure != '%' then digits.printed_number
            end * case when digits.sign = '-' then -1 else 1 end as decimal(18, 2)
        ) as counted_value,
        digits.printed_value,
        digits.unit_of_measure,
        digits.sign,
        digits.page_no
    from digits
    inner join documents on digits.document_id = documents.document_id
    left join money_units on digits.unit_of_measure = money_units.printed_unit
    left join classes
        on
            {{ fold_words('digits.printed_label') }} = classes.subject_name
            and documents.fiscal_year between classes.valid_from_year and classes.valid_to_year
)

select * from final
