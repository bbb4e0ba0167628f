{% test unique_grain(model, columns) %}
    {#-
        No two rows share the values of `columns`: the grain that the model's description names.
        Null counts as a value here (two rows with null in the same place are twins).
        columns: the names of the columns that together make a row one of its kind.
    -#}
    select
        {{ columns | join(', ') }},
        count(*) as row_count
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}
