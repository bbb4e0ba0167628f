-- The disclosures, one row each, as they name themselves.
with source as (
    select * from {{ source('raw', 'documents') }}
),

final as (
    select
        document_id,
        source_sha256,
        source_name,
        parsed_sha256,
        printed_unit_name,
        fiscal_year,
        document_kind,
        scope,
        revision,
        nullif(promised_tables, '') as promised_tables,
        printed_title,
        title_line_no,
        unit_name_line_no,
        encoding,
        line_count,
        loaded_at
    from source
)

select * from final
