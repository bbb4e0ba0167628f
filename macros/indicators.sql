{% macro read_operator(printed) -%}
    {#-
        The sign before an indicator's value, as one of ≥ ≤ > < = ≈; null where none of them is printed
        (a converter may have made a dash of 等号: what it was is not guessed).
    -#}
    case regexp_extract({{ printed }}, '^(≥|≤|>=|<=|＞|＜|>|<|==|=|＝|≈)', 1)
        when '≥' then '≥'
        when '>=' then '≥'
        when '≤' then '≤'
        when '<=' then '≤'
        when '>' then '>'
        when '＞' then '>'
        when '<' then '<'
        when '＜' then '<'
        when '=' then '='
        when '＝' then '='
        when '==' then '='
        when '≈' then '≈'
    end
{%- endmacro %}


{% macro read_magnitude(printed, part) -%}
    {#-
        Of an indicator's value with one number in it, the number (part 1) or the unit behind it (part 3);
        empty where there are several numbers (5月20日, 50至100元), or none.
    -#}
    regexp_extract(
        {{ printed }},
        '^(?:≥|≤|>=|<=|＞|＜|>|<|==|=|＝|≈|—|→)?\s*([0-9][0-9,]*(\.[0-9]+)?)([^0-9]*)$',
        {{ part }}
    )
{%- endmacro %}


{% macro is_date_unit(unit) -%}
    {#- 2026年底 and 9月份 are dates, not numbers of years or months. -#}
    regexp_extract({{ unit }}, '^(年|月|日|号)', 1) != ''
{%- endmacro %}


{% macro fold_project_name(expression) -%}
    {#- A project's name for comparing: without white space, in one width, without brackets and punctuation. -#}
    translate(
        {{ fold_words(expression) }},
        '“”‘’"''《》〈〉、，。,.·:;；-－—–()[]［］【】〔〕',
        ''
    )
{%- endmacro %}
