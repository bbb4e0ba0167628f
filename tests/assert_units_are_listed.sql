-- Every unit that published something is in the list of units, and with it its place.
select unit_id, unit_name
from {{ ref('dim_units') }}
where not is_listed
