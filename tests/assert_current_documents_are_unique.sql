-- A unit has one current disclosure of a kind, year and scope: sums over two would count money twice,
-- and without one it would be missing from every sum.
select
    unit_id,
    fiscal_year,
    document_kind,
    scope,
    count(*) as document_count,
    count(*) filter (where is_current) as current_count
from {{ ref('dim_documents') }}
group by unit_id, fiscal_year, document_kind, scope
having count(*) filter (where is_current) != 1
