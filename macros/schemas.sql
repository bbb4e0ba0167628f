{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- Schemas are the names in dbt_project.yml and nothing else: users rely on `marts` and `forms`. -#}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
