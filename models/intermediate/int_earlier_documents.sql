-- The documents of the release before, with the checksum of their parsed tables.
{{ config(materialized='ephemeral') }}
-- Its own tables and never its views: those name the file that they stand in, which is now this one.
with parsed as (
    {{ select_earlier('raw.documents') }}
),

documents as (
    {{ select_earlier('marts.dim_documents') }}
),

amounts as (
    {{ select_earlier('marts.fct_amounts') }}
),

amount_counts as (
    select
        document_id,
        count(*) as amount_count
    from amounts
    group by document_id
),

final as (
    select
        documents.document_id,
        documents.printed_title,
        documents.is_current,
        parsed.parsed_sha256,
        coalesce(amount_counts.amount_count, 0) as amount_count
    from documents
    inner join parsed on documents.document_id = parsed.document_id
    left join amount_counts on documents.document_id = amount_counts.document_id
)

select * from final
