-- A subject that a narrative names by class, division and item is one that the document's tables print.
with subject_items as (
    select distinct item from {{ ref('claim_cells') }}
    where row_selector = '@subject'
),

named as (
    select
        claims.document_id,
        claims.printed_label,
        min(claims.line_no) as line_no
    from {{ ref('int_claims_measured') }} as claims
    inner join subject_items on claims.item = subject_items.item
    where claims.printed_label is not null and claims.subject_code is null
    group by claims.document_id, claims.printed_label
),

-- An item that was found by its name, below a class that the tables call otherwise.
misnamed as (
    select
        claims.document_id,
        claims.printed_label,
        min(claims.line_no) as line_no
    from {{ ref('int_claims_measured') }} as claims
    inner join subject_items on claims.item = subject_items.item
    inner join {{ ref('int_rows_coded') }} as classes
        on
            claims.document_id = classes.document_id
            and substr(claims.subject_code, 1, 3) = classes.subject_code
    where claims.printed_label like '%(类)%(项)'
    group by claims.document_id, claims.printed_label
    having
        not bool_or(
            {{ fold_subject("split_part(claims.printed_label, '(类)', 1)") }}
            = {{ fold_subject('classes.printed_label') }}
        )
),

listed as (
    select * from named
    union all
    select * from misnamed
),

-- What could not be read names nothing.
read_whole as (
    select document_id
    from {{ ref('stg_tables') }}
    group by document_id
    having not bool_or(state = 'set_aside')
)

select
    listed.document_id,
    listed.line_no,
    listed.printed_label
from listed
inner join read_whole on listed.document_id = read_whole.document_id
