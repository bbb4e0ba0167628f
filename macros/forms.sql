{% macro printed_form(statement_code, labels, columns) -%}
    {#-
        An official table as printed: a row is a printed line, a column a printed column, a value the
        printed text (a dash stays a dash, a blank stays blank).
        labels: (name, block, field) of each label; columns: (name, block, column code). A block is known
        by its number, or by its name where layouts print one side alone. An amount stands where it is
        printed: that of a total may close the line, some blocks behind its label.
    -#}
    with printed_rows as (
        select * from {{ ref('stg_rows') }} where statement_code = '{{ statement_code }}'
    ),

    printed_values as (
        select document_id, line_no, block_no, column_code, printed_amount as printed_value
        from {{ ref('stg_cells') }}
        where statement_code = '{{ statement_code }}'
        union all
        select document_id, line_no, block_no, column_code, printed_mark as printed_value
        from {{ ref('stg_marks') }}
        where statement_code = '{{ statement_code }}'
    ),

    printed_blocks as (
        select distinct document_id, block_no, block from printed_rows
    ),

    placed_values as (
        select
            printed_values.document_id,
            printed_values.line_no,
            printed_values.column_code,
            printed_values.printed_value,
            coalesce(printed_rows.amount_block_no, printed_rows.block_no) as block_no,
            coalesce(printed_blocks.block, printed_rows.block) as block
        from printed_values
        inner join printed_rows using (document_id, line_no, block_no)
        left join printed_blocks
            on
                printed_rows.document_id = printed_blocks.document_id
                and printed_rows.amount_block_no = printed_blocks.block_no
    ),

    printed_lines as (
        select
            document_id,
            line_no
            {%- for name, block_no, field in labels %},
            max(case when {{ in_block(block_no) }} then {{ field }} end) as "{{ name }}"
            {%- endfor %}
        from printed_rows
        group by document_id, line_no
    ),

    value_lines as (
        select
            document_id,
            line_no
            {%- for name, block_no, column_code in columns %},
            max(
                case when {{ in_block(block_no) }} and column_code = '{{ column_code }}' then printed_value end
            ) as "{{ name }}"
            {%- endfor %}
        from placed_values
        group by document_id, line_no
    ),

    final as (
        select
            printed_lines.document_id,
            documents.printed_unit_name,
            documents.fiscal_year,
            tables.unit_of_money,
            printed_lines.line_no
            {%- for name, block_no, field in labels %},
            printed_lines."{{ name }}"
            {%- endfor %}
            {%- for name, block_no, column_code in columns %},
            value_lines."{{ name }}"
            {%- endfor %}
        from printed_lines
        inner join {{ ref('stg_documents') }} as documents on printed_lines.document_id = documents.document_id
        inner join {{ ref('stg_tables') }} as tables
            on
                printed_lines.document_id = tables.document_id
                and tables.statement_code = '{{ statement_code }}'
                and tables.state != 'set_aside'
        left join value_lines
            on
                printed_lines.document_id = value_lines.document_id
                and printed_lines.line_no = value_lines.line_no
    )

    select * from final
    order by fiscal_year, printed_unit_name, document_id, line_no
{%- endmacro %}

{% macro in_block(block) -%}
    {%- if block is number -%} block_no = {{ block }} {%- else -%} block = '{{ block }}' {%- endif -%}
{%- endmacro %}
