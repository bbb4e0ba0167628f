-- Every current document has all official tables that publishers of its layout print, if only declared empty.
select document_id, missing_table_count, missing_tables
from {{ ref('rpt_document_scorecard') }}
where is_current and missing_table_count > 0
