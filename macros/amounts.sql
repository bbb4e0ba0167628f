{% macro read_amount(printed) -%}
    {#- A printed number as an exact decimal. Ten places hold a fen printed in 亿元; no float comes near. -#}
    cast(translate({{ printed }}, '０１２３４５６７８９．－，,', '0123456789.-') as decimal(28, 10))
{%- endmacro %}


{% macro count_decimals(printed) -%}
    {#- How many digits stand behind the decimal point of a printed number. -#}
    length(split_part(translate({{ printed }}, '．', '.'), '.', 2))
{%- endmacro %}


{% macro last_digit(decimals) -%}
    {#- One unit of the last printed digit, as a decimal: a power would be a float. -#}
    case {{ decimals }}
        when 0 then cast(1 as decimal(28, 10))
        when 1 then cast(0.1 as decimal(28, 10))
        when 2 then cast(0.01 as decimal(28, 10))
        when 3 then cast(0.001 as decimal(28, 10))
        when 4 then cast(0.0001 as decimal(28, 10))
        when 5 then cast(0.00001 as decimal(28, 10))
        when 6 then cast(0.000001 as decimal(28, 10))
        when 7 then cast(0.0000001 as decimal(28, 10))
        when 8 then cast(0.00000001 as decimal(28, 10))
        when 9 then cast(0.000000001 as decimal(28, 10))
        when 10 then cast(0.0000000001 as decimal(28, 10))
    end
{%- endmacro %}


{% macro rounding_bound(quanta) -%}
    {#-
        The one home of the rounding rule (XBRL Calculations 1.1): each printed number v with last
        digit q stands for some true value in [v - q/2, v + q/2], so a total and its parts agree when
        their difference is at most half the sum of the q of all of them. `quanta` is that sum, each q
        taken with the absolute weight of its term. A flat tolerance would call a true twenty-part sum
        an error, or an error a rounding.
    -#}
    cast({{ quanta }} * cast(0.5 as decimal(2, 1)) as decimal(24, 3))
{%- endmacro %}


{% macro exact_ratio(part, whole) -%}
    {#-
        A quotient of two amounts to six places, rounded half away from zero, in whole numbers: division
        of decimals is a float in DuckDB and another precision elsewhere. Null where the whole is not positive.
    -#}
    case
        when {{ whole }} > 0 then
            cast(
                sign({{ part }})
                * (
                    (
                        cast(abs({{ part }}) * 100 as hugeint) * 2000000 + cast({{ whole }} * 100 as hugeint)
                    ) // (cast({{ whole }} * 100 as hugeint) * 2)
                ) as decimal(24, 0)
            ) * cast(0.000001 as decimal(6, 6))
    end
{%- endmacro %}


{% macro exact_quotient(amount, ratio) -%}
    {#- An amount divided by a ratio of six places, in whole fen and without a float; null unless positive. -#}
    case
        when {{ ratio }} > 0 then
            cast(
                (cast({{ amount }} * 100 as hugeint) * 1000000) // cast({{ ratio }} * 1000000 as hugeint)
                as decimal(24, 0)
            ) * cast(0.01 as decimal(3, 2))
    end
{%- endmacro %}


{% macro no_figures(measure) -%}
    {#- The columns of both sides of a verdict in a measure that it does not compare. -#}
    {%- for side in ('reported', 'computed', 'difference', 'bound') -%}
        cast(null as decimal(18, 6)) as {{ side }}_{{ measure }}
        {%- if not loop.last %}, {% endif %}
    {%- endfor %}
{%- endmacro %}
