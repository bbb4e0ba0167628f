-- What this file is: which build, of which documents, with what found.
with final as (
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
        ) as identities_broken
)

select * from final
