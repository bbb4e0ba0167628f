-- Each term of an identity names a column, and where it names a row, a row, that its statement has; each
-- identity has both sides, and its condition is one that is told. A slip of the pen would else make the
-- identity look as if no document owed it.
with identities as (
    select * from {{ ref('identities') }}
    where axis not in ('claim', 'form')
),

terms as (
    select terms.*, identities.axis
    from {{ ref('identity_terms') }} as terms
    inner join identities on terms.identity_id = identities.identity_id
),

columns as (
    select statement_code, block, column_code from {{ ref('statement_columns') }}
),

named_rows as (
    select statement_code, block, row_code from {{ ref('statement_rows') }}
),

economic_codes as (
    select distinct economic_code from {{ ref('economic_categories') }} where economic_scheme = 'department'
),

conditions as (
    select distinct condition from {{ ref('int_identity_conditions') }}
),

strange_columns as (
    select distinct
        terms.identity_id,
        'column ' || terms.statement_code || '.' || terms.block || '.' || terms.column_selector as fault
    from terms
    left join columns
        on
            terms.statement_code = columns.statement_code
            and terms.block in ('*', columns.block)
            and terms.column_selector in ('=', columns.column_code)
    where columns.column_code is null
),

strange_rows as (
    select distinct
        terms.identity_id,
        'row ' || terms.statement_code || '.' || terms.block || '.' || terms.row_selector as fault
    from terms
    left join named_rows
        on
            terms.statement_code = named_rows.statement_code
            and terms.block in ('*', named_rows.block)
            and terms.row_selector in (named_rows.row_code, '=' || named_rows.row_code)
    left join economic_codes on terms.row_selector = 'economic:' || economic_codes.economic_code
    where
        terms.axis in ('single', 'subject', 'class', 'economic')
        and named_rows.row_code is null
        and economic_codes.economic_code is null
        and terms.row_selector not in ('role:total', 'role:subtotal', 'role:item')
),

one_sided as (
    select identities.identity_id, 'only one side, or none' as fault
    from identities
    left join terms on identities.identity_id = terms.identity_id
    group by identities.identity_id
    having count(distinct terms.side) < 2
),

-- Without a document no condition is told of.
strange_conditions as (
    select identities.identity_id, 'condition ' || identities.condition as fault
    from identities
    left join conditions on identities.condition = conditions.condition
    where
        identities.condition is not null
        and conditions.condition is null
        and (select count(*) from {{ ref('int_identity_conditions') }}) > 0
),

final as (
    select * from strange_columns
    union all
    select * from strange_rows
    union all
    select * from one_sided
    union all
    select * from strange_conditions
)

select * from final
