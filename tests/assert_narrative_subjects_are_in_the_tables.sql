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

-- What could not be read names nothing.
read_whole as (
    select document_id
    from {{ ref('stg_tables') }}
    group by document_id
    having not bool_or(state = 'set_aside')
)

select
    named.document_id,
    named.line_no,
    named.printed_label
from named
inner join read_whole on named.document_id = read_whole.document_id
