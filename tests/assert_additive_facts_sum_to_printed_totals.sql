-- The facts that are meant for adding give each printed total again.
select
    fact,
    document_id,
    statement_code,
    phase,
    origin_key,
    column_key,
    line_no,
    printed_total_yuan,
    fact_yuan,
    bound_yuan
from {{ ref('int_additive_totals') }}
where not has_broken_verdict and abs(printed_total_yuan - fact_yuan) > bound_yuan
