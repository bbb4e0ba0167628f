-- What this file is: which build, of which documents, with what found.
with earlier_release as (
    select * from {{ ref('int_earlier_release') }}
),

final as (
    select
        cast('{{ var("build_id") }}' as varchar) as build_id,
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp) as built_at,
        cast('{{ var("git_commit") }}' as varchar) as git_commit,
        cast((select count(*) from {{ ref('dim_documents') }}) as integer) as documents,
        cast((select count(*) from {{ ref('fct_amounts') }}) as integer) as amounts,
        cast(
            (
                select count(*) from {{ ref('fct_identity_checks') }} where verdict != 'not_assessable'
            ) as integer
        ) as identities_judged,
        cast(
            (select count(*) from {{ ref('fct_identity_checks') }} where verdict = 'broken') as integer
        ) as identities_broken,
        cast((select max(fiscal_year) from {{ ref('dim_documents') }}) as integer) as newest_fiscal_year,
        -- How fresh the data is: building again the same documents makes nothing fresher.
        case
            when
                (select count(*) from earlier_release) = 0
                or (
                    select count(*) from {{ ref('rpt_changes') }}
                    where object_kind = 'document' and change_kind != 'reparsed'
                ) > 0
                then cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp)
            else (select coalesce(max(documents_changed_at), max(built_at)) from earlier_release)
        end as documents_changed_at,
        cast((select max(build_id) from earlier_release) as varchar) as compared_with
)

select * from final
