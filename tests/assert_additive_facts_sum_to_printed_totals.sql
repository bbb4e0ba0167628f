-- The facts that are meant for adding give each printed total again.
select *
from {{ ref('int_additive_totals') }}
where not has_broken_verdict and abs(printed_total_yuan - fact_yuan) > bound_yuan
