-- What the codes in the columns of the marts are called.
select
    coded_column,
    code,
    code_name,
    code_name_en
from {{ ref('codes') }}
