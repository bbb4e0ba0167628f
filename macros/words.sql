{% macro fold_words(expression) -%}
    {#- A printed word without white space and in one width of brackets, for comparing only. -#}
    translate({{ expression }}, '（）：， 　', '():,')
{%- endmacro %}
