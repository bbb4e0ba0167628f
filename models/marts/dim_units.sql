-- The budget units that published something, with the place they belong to.
with documents as (
    select distinct unit_id, unit_name, is_listed from {{ ref('int_documents_identified') }}
),

units as (
    select * from {{ ref('units') }}
),

regions as (
    select * from {{ ref('regions') }}
),

placed as (
    select
        documents.unit_id,
        coalesce(units.unit_name, documents.unit_name) as unit_name,
        units.unit_code,
        units.region_code,
        units.administrative_level,
        documents.is_listed,
        own.region_name,
        own.region_level,
        own.parent_region_code
    from documents
    left join units on documents.unit_id = units.unit_id
    left join regions as own on units.region_code = own.region_code
),

final as (
    select
        placed.unit_id,
        placed.unit_name,
        placed.unit_code,
        placed.region_code,
        placed.region_name,
        case
            when placed.region_level = 'prefecture' then placed.region_name
            when placed.region_level = 'county' then above.region_name
        end as prefecture_name,
        case
            when placed.region_level = 'province' then placed.region_name
            when placed.region_level = 'prefecture' then above.region_name
            when placed.region_level = 'county' then top.region_name
        end as province_name,
        placed.administrative_level,
        placed.is_listed
    from placed
    left join regions as above on placed.parent_region_code = above.region_code
    left join regions as top on above.parent_region_code = top.region_code
)

select * from final
