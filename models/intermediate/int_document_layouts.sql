-- The official tables that each document owes: those that its contents name; of a document without contents
-- those that its layout prints, and where several layouts print as many of its tables, what they all print.
with documents as (
    select * from {{ ref('int_documents_identified') }}
),

statements as (
    select * from {{ ref('statements') }}
),

found as (
    select distinct document_id, statement_code from {{ ref('int_tables_found') }}
),

-- One row of a layout may be several tables: a publisher prints one of them.
layout_tables as (
    select
        documents.document_id,
        layouts.layout,
        layouts.statement_codes,
        statements.statement_code,
        found.statement_code is not null as is_found
    from documents
    cross join {{ ref('layouts') }} as layouts
    inner join statements
        on
            documents.document_kind = statements.document_kind
            and '|' || layouts.statement_codes || '|' like '%|' || statements.statement_code || '|%'
    left join found
        on documents.document_id = found.document_id and statements.statement_code = found.statement_code
    where
        documents.fiscal_year >= coalesce(layouts.valid_from_year, 0)
        and documents.fiscal_year <= coalesce(layouts.valid_to_year, 9999)
),

counted as (
    select
        document_id,
        layout,
        count(distinct statement_code) filter (where is_found) as found_count
    from layout_tables
    group by document_id, layout
),

best_layouts as (
    select
        document_id,
        layout
    from counted
    where found_count > 0
    qualify rank() over (partition by document_id order by found_count desc) = 1
),

likely_layouts as (
    select
        document_id,
        layout,
        count(*) over (partition by document_id) as layout_count
    from best_layouts
),

likely_tables as (
    select
        layout_tables.*,
        likely_layouts.layout_count
        = count(*) over (partition by layout_tables.document_id, layout_tables.statement_code)
            as is_printed_by_all
    from layout_tables
    inner join likely_layouts
        on
            layout_tables.document_id = likely_layouts.document_id
            and layout_tables.layout = likely_layouts.layout
),

likely_codes as (
    select distinct document_id, statement_code
    from likely_tables
    where is_printed_by_all
),

named as (
    select
        document_id,
        document_kind,
        {{ split_words('promised_tables', ' ') }} as statement_codes
    from documents
    where promised_tables is not null
),

promises as (
    select
        named.document_id,
        named.statement_codes as promise,
        statements.statement_code,
        found.statement_code is not null as is_found,
        likely_codes.statement_code is not null as is_likely
    from named
    inner join statements
        on
            named.document_kind = statements.document_kind
            and '|' || named.statement_codes || '|' like '%|' || statements.statement_code || '|%'
    left join found
        on named.document_id = found.document_id and statements.statement_code = found.statement_code
    left join likely_codes
        on
            named.document_id = likely_codes.document_id
            and statements.statement_code = likely_codes.statement_code
    union all
    select
        likely_tables.document_id,
        likely_tables.layout || ' ' || likely_tables.statement_codes as promise,
        likely_tables.statement_code,
        likely_tables.is_found,
        true as is_likely
    from likely_tables
    left join named on likely_tables.document_id = named.document_id
    where likely_tables.is_printed_by_all and named.document_id is null
),

known as (
    select distinct document_id from promises
),

-- Of several tables that one promise may mean, the one that stands there keeps it.
kept as (
    select
        document_id,
        statement_code
    from promises
    qualify
        row_number() over (
            partition by document_id, promise
            order by is_found desc, is_likely desc, statement_code asc
        ) = 1
),

final as (
    select
        document_id,
        statement_code
    from kept
    union distinct
    -- What stands there was owed, whether promised or not.
    select
        found.document_id,
        found.statement_code
    from found
    inner join known on found.document_id = known.document_id
)

select * from final
