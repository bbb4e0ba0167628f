-- A row that prints a code and a name prints the name that the lists have for it in that year.
with printed as (
    select
        nested.document_id,
        nested.statement_code,
        nested.line_no,
        nested.row_code,
        nested.printed_label,
        nested.fiscal_year,
        nested.subject_code = nested.row_code as is_subject
    from {{ ref('int_rows_nested') }} as nested
    inner join {{ source('raw', 'rows') }} as source_rows
        on
            nested.document_id = source_rows.document_id
            and nested.statement_code = source_rows.statement_code
            and nested.line_no = source_rows.line_no
            and nested.block_no = source_rows.block_no
    where
        nullif(source_rows.printed_code, '') is not null
        and nested.row_code in (nested.subject_code, nested.economic_code)
),

listed as (
    select
        subject_code as code,
        subject_name as listed_name,
        valid_from_year,
        valid_to_year,
        true as is_subject
    from {{ ref('function_subjects') }}
    union all
    select
        economic_code as code,
        economic_name as listed_name,
        valid_from_year,
        valid_to_year,
        false as is_subject
    from {{ ref('economic_categories') }}
    where economic_scheme = 'department'
),

final as (
    select
        printed.document_id,
        printed.statement_code,
        printed.line_no,
        printed.row_code,
        printed.printed_label,
        listed.listed_name
    from printed
    inner join listed
        on
            printed.row_code = listed.code
            and coalesce(printed.is_subject, false) = listed.is_subject
            and printed.fiscal_year between listed.valid_from_year and listed.valid_to_year
    where
        -- 基本建设 and the like may stand behind a name in brackets.
        not starts_with({{ fold_words('printed.printed_label') }}, {{ fold_words('listed.listed_name') }})
)

select * from final
