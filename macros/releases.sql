{% macro attach_earlier_release() -%}
    {#- `yusuan build` names the current release; a plain `dbt build` compares with nothing. -#}
    {%- if var('earlier_database', '') -%}
        attach if not exists '{{ var('earlier_database') | replace("'", "''") }}' as earlier (read_only)
    {%- endif -%}
{%- endmacro %}


{% macro list_earlier_tables() -%}
    {#- What a comparison needs of the release before, and nothing more: the fewer, the more releases have it. -#}
    {{
        return(
            {
                'marts.rpt_release': {'build_id': 'varchar', 'built_at': 'timestamp'},
                'raw.documents': {'document_id': 'varchar', 'parsed_sha256': 'varchar'},
                'marts.dim_documents': {
                    'document_id': 'varchar', 'printed_title': 'varchar', 'is_current': 'boolean',
                },
                'marts.fct_amounts': {
                    'document_id': 'varchar', 'statement_code': 'varchar', 'line_no': 'integer',
                    'block_no': 'integer', 'column_code': 'varchar', 'phase': 'varchar',
                    'direction': 'varchar', 'fund_code': 'varchar', 'subject_code': 'varchar',
                    'economic_code': 'varchar', 'government_economic_code': 'varchar',
                    'project_id': 'varchar', 'expenditure_kind': 'varchar', 'origin': 'varchar',
                    'row_role': 'varchar', 'amount_yuan': 'decimal(18, 2)', 'printed_label': 'varchar',
                    'printed_amount': 'varchar',
                },
                'marts.fct_identity_checks': {
                    'document_id': 'varchar', 'identity_id': 'varchar', 'instance': 'varchar',
                    'statement_code': 'varchar', 'verdict': 'varchar',
                    'difference_yuan': 'decimal(18, 2)', 'line_no': 'integer',
                },
            }
        )
    }}
{%- endmacro %}


{% macro has_earlier_columns(needed) -%}
    {#-
        Whether the attached release has these columns. An old release may have other columns than the
        models of today: then nothing is compared, for half a comparison would call all the rest new.
    -#}
    {%- set found = run_query(
        "select schema_name || '.' || table_name || '.' || column_name from duckdb_columns() "
        ~ "where database_name = 'earlier'"
    ).columns[0].values() -%}
    {%- set missing = [] -%}
    {%- for table, columns in needed.items() -%}
        {%- for column in columns if table ~ '.' ~ column not in found -%}
            {%- do missing.append(table ~ '.' ~ column) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(missing | length == 0) }}
{%- endmacro %}


{% macro select_earlier(table, optional={}) -%}
    {#-
        The rows of a table of the release before, or none where there is no release to compare with.
        optional: columns, with their types, that are null where the release before lacks them.
    -#}
    {%- set columns = list_earlier_tables()[table] -%}
    {%- if execute and var('earlier_database', '') and has_earlier_columns(list_earlier_tables()) -%}
        select
            {%- for column, type in columns.items() %}
            cast({{ column }} as {{ type }}) as {{ column }},
            {%- endfor %}
            {%- for column, type in optional.items() %}
            {%- if has_earlier_columns({table: [column]}) %}
            cast({{ column }} as {{ type }}) as {{ column }},
            {%- else %}
            cast(null as {{ type }}) as {{ column }},
            {%- endif %}
            {%- endfor %}
            true as is_earlier
        from earlier.{{ table }}
    {%- else -%}
        select
            {%- for column, type in (dict(columns, **optional)).items() %}
            cast(null as {{ type }}) as {{ column }},
            {%- endfor %}
            true as is_earlier
        where false
    {%- endif -%}
{%- endmacro %}


{% macro describe_place_in_star() -%}
    {#- All dimensions of an amount in one text, for comparing and for showing what it was coded as. -#}
    concat_ws(
        ' '
        {%- for dimension in [
            'phase', 'direction', 'fund_code', 'subject_code', 'economic_code', 'government_economic_code',
            'project_id', 'expenditure_kind', 'origin', 'row_role',
        ] %},
        coalesce({{ dimension }}, '-')
        {%- endfor %}
    )
{%- endmacro %}
