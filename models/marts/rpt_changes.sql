-- What is not as it was in the release before: documents, and the amounts and verdicts of those in both.
with documents as (
    select
        dim_documents.document_id,
        dim_documents.printed_title,
        dim_documents.is_current,
        stg_documents.parsed_sha256
    from {{ ref('dim_documents') }} as dim_documents
    inner join {{ ref('stg_documents') }} as stg_documents
        on dim_documents.document_id = stg_documents.document_id
),

amounts as (
    select
        *,
        -- Where an amount stands in the star: all its dimensions in one text.
        {{ describe_place_in_star() }} as star_place
    from {{ ref('fct_amounts') }}
),

verdicts as (
    select * from {{ ref('fct_identity_checks') }}
),

earlier_release as (
    select * from {{ ref('int_earlier_release') }}
),

earlier_documents as (
    select * from {{ ref('int_earlier_documents') }}
),

earlier_amounts as (
    select
        *,
        {{ describe_place_in_star() }} as star_place
    from {{ ref('int_earlier_amounts') }}
),

earlier_verdicts as (
    select * from {{ ref('int_earlier_verdicts') }}
),

amount_counts as (
    select
        document_id,
        count(*) as amount_count
    from amounts
    group by document_id
),

documents_in_both as (
    select documents.document_id
    from documents
    inner join earlier_documents on documents.document_id = earlier_documents.document_id
),

paired_documents as (
    select
        coalesce(documents.document_id, earlier_documents.document_id) as document_id,
        coalesce(documents.printed_title, earlier_documents.printed_title) as printed_title,
        case
            when earlier_documents.document_id is null then 'added'
            when documents.document_id is null then 'removed'
            when earlier_documents.is_current and not documents.is_current then 'superseded'
            when documents.is_current and not earlier_documents.is_current then 'restored'
            when documents.parsed_sha256 != earlier_documents.parsed_sha256 then 'reparsed'
        end as change_kind,
        earlier_documents.amount_count as before_count,
        case
            when documents.document_id is not null then coalesce(amount_counts.amount_count, 0)
        end as after_count
    from documents
    full outer join earlier_documents on documents.document_id = earlier_documents.document_id
    left join amount_counts on documents.document_id = amount_counts.document_id
),

changed_documents as (
    select
        'document' as object_kind,
        change_kind,
        document_id,
        null as statement_code,
        null as identity_id,
        null as instance,
        null as block_no,
        null as column_code,
        printed_title as printed_label,
        cast(before_count as varchar) as before_value,
        cast(after_count as varchar) as after_value,
        null as before_yuan,
        null as after_yuan,
        null as line_no
    from paired_documents
    -- The first release is new as a whole; to list it would say nothing.
    where change_kind is not null and exists (select 1 from earlier_release)
),

paired_amounts as (
    select
        coalesce(now.document_id, before.document_id) as document_id,
        coalesce(now.statement_code, before.statement_code) as statement_code,
        coalesce(now.line_no, before.line_no) as line_no,
        coalesce(now.block_no, before.block_no) as block_no,
        coalesce(now.column_code, before.column_code) as column_code,
        coalesce(now.printed_label, before.printed_label) as printed_label,
        case
            when before.document_id is null then 'added'
            when now.document_id is null then 'removed'
            when now.amount_yuan != before.amount_yuan then 'changed'
            when now.star_place != before.star_place then 'recoded'
        end as change_kind,
        before.printed_amount as before_amount,
        now.printed_amount as after_amount,
        before.star_place as before_place,
        now.star_place as after_place,
        before.amount_yuan as before_yuan,
        now.amount_yuan as after_yuan
    from amounts as now
    full outer join earlier_amounts as before
        on
            now.document_id = before.document_id
            and now.statement_code = before.statement_code
            and now.line_no = before.line_no
            and now.block_no = before.block_no
            and now.column_code = before.column_code
),

changed_amounts as (
    select
        'amount' as object_kind,
        paired_amounts.change_kind,
        paired_amounts.document_id,
        paired_amounts.statement_code,
        null as identity_id,
        null as instance,
        paired_amounts.block_no,
        paired_amounts.column_code,
        paired_amounts.printed_label,
        case
            when paired_amounts.change_kind = 'recoded' then paired_amounts.before_place
            else paired_amounts.before_amount
        end as before_value,
        case
            when paired_amounts.change_kind = 'recoded' then paired_amounts.after_place
            else paired_amounts.after_amount
        end as after_value,
        paired_amounts.before_yuan,
        paired_amounts.after_yuan,
        paired_amounts.line_no
    from paired_amounts
    inner join documents_in_both on paired_amounts.document_id = documents_in_both.document_id
    where paired_amounts.change_kind is not null
),

paired_verdicts as (
    select
        coalesce(now.document_id, before.document_id) as document_id,
        coalesce(now.statement_code, before.statement_code) as statement_code,
        coalesce(now.identity_id, before.identity_id) as identity_id,
        coalesce(now.instance, before.instance) as instance,
        coalesce(now.line_no, before.line_no) as line_no,
        case
            when before.document_id is null then 'added'
            when now.document_id is null then 'removed'
            when now.verdict != before.verdict then 'changed'
        end as change_kind,
        before.verdict as before_verdict,
        now.verdict as after_verdict,
        before.difference_yuan as before_yuan,
        now.difference_yuan as after_yuan
    from verdicts as now
    full outer join earlier_verdicts as before
        on
            now.document_id = before.document_id
            and now.identity_id = before.identity_id
            and now.instance = before.instance
),

changed_verdicts as (
    select
        'verdict' as object_kind,
        paired_verdicts.change_kind,
        paired_verdicts.document_id,
        paired_verdicts.statement_code,
        paired_verdicts.identity_id,
        paired_verdicts.instance,
        null as block_no,
        null as column_code,
        null as printed_label,
        paired_verdicts.before_verdict as before_value,
        paired_verdicts.after_verdict as after_value,
        paired_verdicts.before_yuan,
        paired_verdicts.after_yuan,
        paired_verdicts.line_no
    from paired_verdicts
    inner join documents_in_both on paired_verdicts.document_id = documents_in_both.document_id
    where paired_verdicts.change_kind is not null
),

changes as (
    select * from changed_documents
    union all
    select * from changed_amounts
    union all
    select * from changed_verdicts
),

final as (
    select
        cast(object_kind as varchar) as object_kind,
        cast(change_kind as varchar) as change_kind,
        cast(document_id as varchar) as document_id,
        cast(statement_code as varchar) as statement_code,
        cast(identity_id as varchar) as identity_id,
        cast(instance as varchar) as instance,
        cast(block_no as integer) as block_no,
        cast(column_code as varchar) as column_code,
        cast(before_yuan as decimal(18, 2)) as before_yuan,
        cast(after_yuan as decimal(18, 2)) as after_yuan,
        cast(printed_label as varchar) as printed_label,
        cast(before_value as varchar) as before_value,
        cast(after_value as varchar) as after_value,
        cast(line_no as integer) as line_no
    from changes
)

select * from final
