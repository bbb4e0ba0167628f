{% test matches_pattern(model, column_name, pattern) %}
    {#-
        Every value of the column matches the regular expression from its first to its last
        character. Null passes: whether a value must be there is the affair of not_null.
        pattern: a regular expression without anchors, such as [0-9]{3}([0-9]{2}){0,2}.
    -#}
    select {{ column_name }} as unexpected_value, count(*) as row_count
    from {{ model }}
    where
        {{ column_name }} is not null
        and not regexp_full_match(cast({{ column_name }} as varchar), '{{ pattern }}')
    group by {{ column_name }}
{% endtest %}
