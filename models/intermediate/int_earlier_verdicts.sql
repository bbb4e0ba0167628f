-- The verdicts of the release before.
{{ config(materialized='ephemeral') }}
with final as (
    {{ select_earlier('marts.fct_identity_checks') }}
)

select * from final
