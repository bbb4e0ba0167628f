{% macro fold_words(expression) -%}
    {#- A printed word without white space and in one width of brackets, for comparing only. -#}
    translate({{ expression }}, '（）：， 　', '():,')
{%- endmacro %}


{% macro fold_subject(expression) -%}
    {#- The name of a function subject for comparing: folded, with 其它 as 其他 and without a last 支出, which
        narratives and tables add and leave out. -#}
    replace(replace({{ fold_words(expression) }}, '其它', '其他') || '$', '支出$', '$')
{%- endmacro %}


{% macro split_words(expression, separator) -%}
    {#- One row for each part of a text between its separators; to be selected, not joined. -#}
    unnest(string_split({{ expression }}, '{{ separator }}'))
{%- endmacro %}


{% macro is_short_for(short, long) -%}
    {#- Whether a name has all characters of another in their order, as 市应急局 has of 高平市应急管理局; what says
        that it is the unit itself (本级, 机关), and signs, do not count. -#}
    regexp_matches(
        {{ long }},
        regexp_replace(
            regexp_replace({{ short }}, '本级|机关|本部|汇总|[^0-9A-Za-z\x{4e00}-\x{9fff}]', '', 'g'), '(.)', '\1.*', 'g'
        )
    )
{%- endmacro %}
