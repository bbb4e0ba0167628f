-- No document and no template has so many broken sums of its own tables that our reading is the likelier culprit.
-- Publishers err in single numbers, and may paste the figures of one table beside the wrong names; what is wrong
-- in several tables of a document, or in one table of several, was misread.
with templates as (
    select document_id, statement_code, max(template) as template
    from {{ source('raw', 'tables') }}
    group by document_id, statement_code
),

-- What a table says of itself: another's error breaks none of it.
own_sums as (
    select
        checks.document_id,
        checks.statement_code,
        templates.template,
        count(*) as judged_count,
        -- An explained one was read by eye: it is the publisher's.
        count(*) filter (where checks.verdict = 'broken' and not checks.is_explained) as broken_count
    from {{ ref('fct_identity_checks') }} as checks
    inner join {{ ref('identities') }} as identities on checks.identity_id = identities.identity_id
    left join templates
        on
            checks.document_id = templates.document_id
            and checks.statement_code = templates.statement_code
    where
        checks.verdict != 'not_assessable'
        and identities.family in ('row', 'tree', 'leaves', 'balance')
    group by checks.document_id, checks.statement_code, templates.template
),

wrong_tables as (
    select * from own_sums
    where judged_count >= 10 and broken_count * 5 > judged_count
),

counted as (
    select
        'document' as suspect_kind,
        document_id as suspect,
        count(*) as table_count,
        sum(judged_count) as judged_count,
        sum(broken_count) as broken_count
    from wrong_tables
    group by document_id

    union all

    select
        'template' as suspect_kind,
        template as suspect,
        count(*) as table_count,
        sum(judged_count) as judged_count,
        sum(broken_count) as broken_count
    from wrong_tables
    group by template
),

final as (
    select suspect_kind, suspect, table_count, judged_count, broken_count
    from counted
    where table_count > 1
)

select * from final
