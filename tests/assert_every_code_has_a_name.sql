-- Every code in a column of the marts that seeds/codes.csv words stands there with a name.
{% set coded = [
    ('dim_documents', 'document_kind'), ('dim_documents', 'scope'),
    ('dim_economic_categories', 'economic_scheme'), ('dim_economic_categories', 'economic_level'),
    ('dim_identities', 'family'), ('dim_identities', 'kind'),
    ('dim_subjects', 'subject_level'), ('dim_units', 'administrative_level'),
    ('fct_amounts', 'phase'), ('fct_amounts', 'direction'), ('fct_amounts', 'origin'),
    ('fct_amounts', 'expenditure_kind'), ('fct_amounts', 'row_role'), ('fct_amounts', 'column_role'),
    ('fct_amounts', 'item_code'), ('fct_claims', 'measure'), ('fct_claims', 'section'),
    ('fct_identity_checks', 'verdict'), ('fct_identity_checks', 'reason'),
    ('fct_identity_checks', 'known_cause'), ('fct_identity_checks', 'measure'),
    ('fct_identity_operands', 'side'),
    ('fct_performance_indicators', 'block'), ('fct_project_evaluations', 'state'),
    ('fct_project_targets', 'block'), ('fct_project_targets', 'row_role'),
    ('fct_statistics', 'item_code'), ('fct_statistics', 'row_role'),
] %}
with used as (
    {% for model, column in coded %}
    select distinct '{{ model }}' as model_name, '{{ column }}' as coded_column, {{ column }} as code
    from {{ ref(model) }}
    where {{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select used.*
    from used
    left join {{ ref('dim_codes') }} as codes
        on used.coded_column = codes.coded_column and used.code = codes.code
    where codes.code is null
)

select * from final
