-- Which identities each document owes, and for one that cannot be judged at all, why.
with documents as (
    select * from {{ ref('int_documents_identified') }}
),

identities as (
    select * from {{ ref('identities') }}
),

statements as (
    select * from {{ ref('statements') }}
),

tables as (
    select
        document_id,
        statement_code,
        -- Set aside once is set aside: two tables of one kind are both.
        max(case when state = 'set_aside' then 1 else 0 end) as has_set_aside,
        max(case when state = 'data' then 1 else 0 end) as has_data,
        max(case when state = 'declared_empty' then 1 else 0 end) as has_declaration
    from {{ ref('int_tables_found') }}
    group by document_id, statement_code
),

terms as (
    select * from {{ ref('identity_terms') }}
),

involved as (
    select distinct identity_id, statement_code from terms
),

-- What a document owes by its contents or its layout; where no table was found, nothing is known of it.
layouts as (
    select * from {{ ref('int_document_layouts') }}
),

known_layouts as (
    select distinct document_id from layouts
),

columns as (
    select distinct document_id, statement_code, block, column_code from {{ ref('stg_columns') }}
),

printed_rows as (
    select distinct document_id, statement_code, block, row_code
    from {{ ref('stg_rows') }}
    where row_code is not null
),

years_totals as (
    select document_id, statement_code, block
    from printed_rows
    group by document_id, statement_code, block
    having
        bool_or(row_code = 'total')
        and not bool_or(row_code in ('current_total', 'carryover_in', 'carryover_out'))
),

-- Whether a term's column and row stand in a table that was read with figures. Any other table is taken
-- to print all of it: what is declared empty is nothing, not unknown.
printed_terms as (
    select
        tables.document_id,
        terms.identity_id,
        terms.side,
        terms.term_no,
        bool_or(
            (terms.column_selector = '=' or columns.column_code is not null)
            and (
                identities.axis != 'single'
                or terms.row_selector like '%:%'
                or printed_rows.row_code is not null
                or (terms.row_selector = 'current_total' and years_totals.block is not null)
            )
        ) as is_printed
    from terms
    inner join identities on terms.identity_id = identities.identity_id
    inner join tables on terms.statement_code = tables.statement_code and tables.has_data = 1
    left join columns
        on
            tables.document_id = columns.document_id
            and terms.statement_code = columns.statement_code
            and terms.block in ('*', columns.block)
            and terms.column_selector = columns.column_code
    left join printed_rows
        on
            tables.document_id = printed_rows.document_id
            and terms.statement_code = printed_rows.statement_code
            and terms.block in ('*', printed_rows.block)
            and terms.row_selector = printed_rows.row_code
    left join years_totals
        on
            tables.document_id = years_totals.document_id
            and terms.statement_code = years_totals.statement_code
            and terms.block in ('*', years_totals.block)
    group by tables.document_id, terms.identity_id, terms.side, terms.term_no
),

-- A row, or a pair of cells, needs something on either side; a comparison by subject needs all its columns.
unprinted_sides as (
    select document_id, identity_id, side, bool_or(is_printed) as has_some, bool_and(is_printed) as has_all
    from printed_terms
    group by document_id, identity_id, side
),

unprinted as (
    select distinct unprinted_sides.document_id, unprinted_sides.identity_id
    from unprinted_sides
    inner join identities on unprinted_sides.identity_id = identities.identity_id
    where
        not unprinted_sides.has_some
        or (identities.axis in ('class', 'subject', 'economic') and not unprinted_sides.has_all)
),

conditions as (
    select * from {{ ref('int_identity_conditions') }}
),

final as (
    select
        documents.document_id,
        identities.identity_id,
        case
            when not bool_and(conditions.is_met) then 'not_owed'
            when max(unprinted.identity_id) is not null then 'not_owed'
            -- A table that no publisher of this layout prints is not missing.
            when count(*) filter (
                where tables.document_id is null and layouts.document_id is null
                and known_layouts.document_id is not null
            ) > 0 then 'not_owed'
            when count(*) filter (where tables.document_id is null) > 0 then 'table_missing'
            when max(tables.has_set_aside) = 1 then 'table_set_aside'
            when max(identities.condition) is not null and bool_and(conditions.is_met) is null
                then 'condition_unknown'
            when max(tables.has_data) = 1 then null
            when max(tables.has_declaration) = 1 then 'declared_empty'
            else 'no_figures'
        end as obstacle
    from documents
    inner join statements on documents.document_kind = statements.document_kind
    inner join identities on statements.statement_code = identities.statement_code
    inner join involved on identities.identity_id = involved.identity_id
    left join tables
        on
            documents.document_id = tables.document_id
            and involved.statement_code = tables.statement_code
    left join conditions
        on
            documents.document_id = conditions.document_id
            and identities.condition = conditions.condition
    left join unprinted
        on documents.document_id = unprinted.document_id and identities.identity_id = unprinted.identity_id
    left join layouts
        on
            documents.document_id = layouts.document_id
            and involved.statement_code = layouts.statement_code
    left join known_layouts on documents.document_id = known_layouts.document_id
    group by documents.document_id, identities.identity_id
)

select * from final
