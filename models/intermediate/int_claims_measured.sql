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
        {{ fold_subject('subject_name') }} as subject_name,
        valid_from_year,
        valid_to_year
    from {{ ref('function_subjects') }}
    where length(subject_code) = 3
),

-- The words of a label in their levels: a class alone, or a path (…(类)…(款)…(项)) that may leave some out.
labels as (
    select distinct
        claims.document_id,
        documents.fiscal_year,
        claims.printed_label,
        {{ fold_subject("split_part(claims.printed_label, '(类)', 1)") }} as class_start,
        {{ fold_subject("replace(claims.printed_label, '(类)', '')") }} as whole_name,
        claims.printed_label like '%(款)%' or claims.printed_label like '%(项)%' as is_path,
        claims.printed_label like '%(项)%' as is_item,
        {{ fold_subject("split_part(split_part(claims.printed_label, '(款)', 1), '(类)', 2)") }}
            as division_name,
        {{ fold_subject(
            "replace(split_part(split_part(claims.printed_label, '(款)', 2) || '(类)', '(类)', 1), '(项)', '')"
        ) }} as item_name
    from claims
    inner join documents on claims.document_id = documents.document_id
    where claims.printed_label is not null
),

label_classes as (
    select
        labels.*,
        classes.subject_code as class_code
    from labels
    left join classes
        on
            case when labels.is_path then labels.class_start else labels.whole_name end = classes.subject_name
            and labels.fiscal_year between classes.valid_from_year and classes.valid_to_year
),

-- What the document's own tables call their divisions and items.
printed_subjects as (
    select distinct
        document_id,
        subject_code,
        {{ fold_subject('printed_label') }} as subject_name
    from {{ ref('int_rows_coded') }}
    where length(subject_code) in (5, 7)
),

divisions as (
    select
        label_classes.document_id,
        label_classes.printed_label,
        min(printed_subjects.subject_code) as division_code
    from label_classes
    inner join printed_subjects
        on
            label_classes.document_id = printed_subjects.document_id
            and length(printed_subjects.subject_code) = 5
            and coalesce(
                label_classes.class_code = substr(printed_subjects.subject_code, 1, 3), label_classes.is_item
            )
            and label_classes.division_name = printed_subjects.subject_name
    where label_classes.is_path
    group by label_classes.document_id, label_classes.printed_label
    having count(distinct printed_subjects.subject_code) = 1
),

-- A division that the tables do not have leaves every item of the class open, a class of another year's list
-- every item; only one may bear the name.
items as (
    select
        label_classes.document_id,
        label_classes.printed_label,
        min(printed_subjects.subject_code) as item_code
    from label_classes
    left join divisions
        on
            label_classes.document_id = divisions.document_id
            and label_classes.printed_label = divisions.printed_label
    inner join printed_subjects
        on
            label_classes.document_id = printed_subjects.document_id
            and length(printed_subjects.subject_code) = 7
            and coalesce(label_classes.class_code = substr(printed_subjects.subject_code, 1, 3), true)
            and label_classes.item_name = printed_subjects.subject_name
            and (
                divisions.division_code is null
                or divisions.division_code = substr(printed_subjects.subject_code, 1, 5)
            )
    where label_classes.is_item
    group by label_classes.document_id, label_classes.printed_label
    having count(distinct printed_subjects.subject_code) = 1
),

subjects as (
    select
        label_classes.document_id,
        label_classes.printed_label,
        case
            when label_classes.is_item then items.item_code
            when label_classes.is_path then divisions.division_code
            else label_classes.class_code
        end as subject_code
    from label_classes
    left join divisions
        on
            label_classes.document_id = divisions.document_id
            and label_classes.printed_label = divisions.printed_label
    left join items
        on
            label_classes.document_id = items.document_id
            and label_classes.printed_label = items.printed_label
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
        -- A percentage is no trimmed one: 24% among 55.3% and 20.65% was rounded by hand. But nothing and
        -- all are as exact as the others are printed.
        case
            when read_claims.unit_of_measure = '%' and read_claims.printed_number not in (0, 100)
                then coalesce(read_claims.decimals, 0)
            -- Whole numbers of four digits and more are told in round figures beside finer ones: 328,661万元.
            when read_claims.decimals = 0 and read_claims.printed_number >= 1000 then 0
            else greatest(coalesce(read_claims.decimals, 0), coalesce(precisions.decimals, 0))
        end as printed_decimals
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
        subjects.subject_code,
        coalesce(subjects.subject_code, digits.printed_label, '') as subject_key,
        digits.measure,
        digits.is_aside,
        digits.is_unchanged,
        money_units.yuan is not null as is_money,
        cast(
            digits.printed_number * money_units.yuan * case when digits.sign = '-' then -1 else 1 end
            -- 决算数大于预算数 says which is more, and no amount.
            + case when digits.measure = 'deviation' then null else 0 end as decimal(18, 2)
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
    left join subjects
        on digits.document_id = subjects.document_id and digits.printed_label = subjects.printed_label
)

select * from final
