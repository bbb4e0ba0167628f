-- The amounts of the release before.
{{ config(materialized='ephemeral') }}
with final as (
    {{ select_earlier('marts.fct_amounts') }}
)

select * from final
