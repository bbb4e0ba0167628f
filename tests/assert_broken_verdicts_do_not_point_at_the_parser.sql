-- No document and no template has so many broken verdicts that our reading is the likelier culprit.
-- Publishers err in single numbers; a shifted column breaks every row.
with templates as (
    select document_id, statement_code, max(template) as template
    from {{ source('raw', 'tables') }}
    group by document_id, statement_code
),

judged as (
    select
        checks.document_id,
        templates.template,
        -- An explained one was read by eye: it is the publisher's.
        case when checks.verdict = 'broken' and not checks.is_explained then 1 else 0 end as broken
    from {{ ref('fct_identity_checks') }} as checks
    left join templates
        on
            checks.document_id = templates.document_id
            and checks.statement_code = templates.statement_code
    where checks.verdict != 'not_assessable'
),

counted as (
    select
        'document' as suspect_kind,
        document_id as suspect,
        count(*) as judged_count,
        sum(broken) as broken_count
    from judged
    group by document_id

    union all

    select
        'template' as suspect_kind,
        template as suspect,
        count(*) as judged_count,
        sum(broken) as broken_count
    from judged
    group by template
),

final as (
    select suspect_kind, suspect, judged_count, broken_count
    from counted
    where judged_count >= 10 and broken_count * 5 > judged_count
)

select * from final
