-- The release before this build; no row where there is none to compare with.
{{ config(materialized='ephemeral') }}
with final as (
    {{ select_earlier('marts.rpt_release', {'documents_changed_at': 'timestamp'}) }}
)

select
    build_id,
    built_at,
    documents_changed_at
from final
