-- Every figure in every check of a stated one: the claim, and the cells or other claims that answer to it.
with claims as (
    select * from {{ ref('int_claims_placed') }}
),

documents as (
    select * from {{ ref('int_documents_identified') }}
),

identities as (
    select identities.*, statements.document_kind
    from {{ ref('identities') }} as identities
    inner join {{ ref('statements') }} as statements on identities.statement_code = statements.statement_code
    where identities.axis = 'claim'
),

terms as (
    select terms.*, identities.document_kind
    from {{ ref('claim_terms') }} as terms
    inner join identities on terms.identity_id = identities.identity_id
),

cells as (
    select cells.*, statements.document_kind
    from {{ ref('claim_cells') }} as cells
    inner join {{ ref('statements') }} as statements on cells.statement_code = statements.statement_code
),

figures as (
    select * from {{ ref('int_figures_dimensioned') }}
),

-- A table that was read answers, even with nothing in it; one that is missing or set aside does not.
readable as (
    select
        document_id,
        statement_code,
        bool_or(state = 'data') as has_data
    from {{ ref('stg_tables') }}
    group by document_id, statement_code
    having not bool_or(state = 'set_aside')
),

-- What a table with figures has no column or row for, it does not answer: another layout prints other ones.
printed_columns as (
    select distinct document_id, statement_code, block, column_code from {{ ref('stg_columns') }}
),

printed_rows as (
    select distinct document_id, statement_code, block, row_code
    from {{ ref('stg_rows') }}
    where row_code is not null
),

-- What the tables say of an item: one cell, several to be added, or the number of rows.
cell_figures as (
    select
        cells.identity_id,
        cells.item,
        cells.measure,
        cells.weight,
        case when cells.row_selector = '@subject' then figures.subject_code else '' end as subject_key,
        figures.document_id,
        figures.is_money,
        figures.amount_yuan,
        figures.quantum_yuan,
        figures.counted_value,
        figures.statement_code,
        figures.block_no,
        figures.column_code,
        figures.printed_label,
        figures.printed_column,
        figures.printed_amount,
        figures.page_no,
        figures.line_no
    from cells
    inner join figures
        on
            cells.statement_code = figures.statement_code
            and cells.block = figures.block
            and cells.column_selector = figures.column_code
            and (
                cells.row_selector = figures.row_code
                or (cells.row_selector = '@subject' and figures.subject_code is not null)
                or (cells.row_selector = '@total' and figures.row_role = 'total')
                -- A row counts as one, whatever its amount.
                or (cells.row_selector = '@rows' and figures.row_role = 'item')
            )
),

answers as (
    select
        identity_id,
        item,
        measure,
        weight,
        subject_key,
        document_id,
        is_money and measure != 'count' as is_money,
        case when measure != 'count' then amount_yuan end as amount_yuan,
        case when measure != 'count' then quantum_yuan end as quantum_yuan,
        case when measure = 'count' then coalesce(counted_value, 1) end as counted_value,
        statement_code,
        block_no,
        column_code,
        printed_label,
        printed_column,
        printed_amount,
        page_no,
        line_no
    from cell_figures
),

-- Where several tables answer together, none of those that the document prints may be set aside.
unreadable as (
    select distinct
        tables.document_id,
        cells.identity_id,
        cells.item
    from {{ ref('stg_tables') }} as tables
    inner join cells on tables.statement_code = cells.statement_code
    where tables.state = 'set_aside'
),

answerable as (
    select distinct
        readable.document_id,
        cells.identity_id,
        cells.item,
        cells.measure
    from cells
    inner join readable on cells.statement_code = readable.statement_code
    inner join documents
        on readable.document_id = documents.document_id and cells.document_kind = documents.document_kind
    left join unreadable
        on
            readable.document_id = unreadable.document_id
            and cells.identity_id = unreadable.identity_id
            and cells.item = unreadable.item
    left join printed_columns
        on
            readable.document_id = printed_columns.document_id
            and cells.statement_code = printed_columns.statement_code
            and cells.block = printed_columns.block
            and cells.column_selector = printed_columns.column_code
    left join printed_rows
        on
            readable.document_id = printed_rows.document_id
            and cells.statement_code = printed_rows.statement_code
            and cells.block = printed_rows.block
            and cells.row_selector = printed_rows.row_code
    where
        unreadable.document_id is null
        and (
            not readable.has_data
            or (
                printed_columns.column_code is not null
                and (cells.row_selector like '@%' or printed_rows.row_code is not null)
            )
        )
),

-- A share needs one figure of each item: where two tables answer, the first of them.
first_answers as (
    select document_id, item, measure, min(identity_id) as identity_id
    from answerable
    group by document_id, item, measure
),

-- Only where all projects have published targets are they the projects of the table.
fully_published as (
    select distinct document_id
    from claims
    where item = 'projects.published.amount' and measure = 'share' and stated_ratio = 1
),

checked_items as (
    select identity_id, item, measure, document_kind, bool_or(row_selector = '@subject') as is_of_a_subject
    from cells
    group by identity_id, item, measure, document_kind
),

-- The claims that are judged, each with its rule; an instance is named by what it is about.
judged_claims as (
    select
        checked_items.identity_id,
        'table' as rule,
        claims.*,
        cast(null as varchar) as whole_item,
        'table' as part_source
    from claims
    inner join checked_items
        on
            claims.item = checked_items.item
            and claims.measure = checked_items.measure
            and claims.document_kind = checked_items.document_kind
    inner join answerable
        on
            claims.document_id = answerable.document_id
            and checked_items.identity_id = answerable.identity_id
            and claims.item = answerable.item
            and claims.measure = answerable.measure
    left join fully_published on claims.document_id = fully_published.document_id
    where
        (not checked_items.is_of_a_subject or claims.subject_code is not null)
        and (
            checked_items.identity_id not in ('n.b12', 'n.b12.count')
            or fully_published.document_id is not null
        )

    union all

    select
        terms.identity_id,
        terms.rule,
        claims.*,
        terms.whole_item,
        terms.part_source
    from claims
    inner join terms
        on
            claims.item = terms.item
            and claims.measure = terms.measure
            and claims.document_kind = terms.document_kind
    where
        terms.rule in ('share', 'change', 'growth', 'stated_prior', 'direction', 'level')
        and (terms.rule not in ('direction', 'level') or (terms.rule = 'level') = (claims.sign is null))
        -- What a narrative says of its own figures holds for a subject by any name; what tables answer to, by theirs.
        and (
            claims.printed_label is null
            or claims.subject_code is not null
            or terms.rule in ('direction', 'level')
            or claims.item = claims.base_item || '.completion'
        )
),

instances as (
    select
        *,
        printed_label is not null and subject_code is null as is_unlisted,
        section || ':' || item || case when subject_key != '' then ':' || subject_key else '' end
        || case when nth_statement > 1 then '#' || nth_statement else '' end as instance
    from judged_claims
),

-- Which claim stands in for a figure that no table prints: the last one stated before.
stand_ins as (
    select
        instances.identity_id,
        instances.instance,
        instances.document_id,
        'whole' as role,
        claims.claim_key
    from instances
    inner join claims
        on
            instances.document_id = claims.document_id
            and instances.section = claims.section
            and instances.whole_item = claims.item
            and instances.subject_key = claims.subject_key
            and claims.measure in ('amount', 'count')
            and (
                instances.line_no > claims.line_no
                or (instances.line_no = claims.line_no and instances.position_no > claims.position_no)
            )
    where instances.rule in ('share', 'direction', 'level')
    qualify row_number() over (
        partition by instances.document_id, instances.identity_id, instances.instance
        order by claims.line_no desc, claims.position_no desc
    ) = 1
),

part_and_whole as (
    select 'part' as role
    union all
    select 'whole' as role
),

-- For each instance, which claims take part and how.
claim_roles as (
    select
        identity_id,
        instance,
        rule,
        document_id,
        'claim' as role,
        'reported' as side,
        -- What is said without a number weighs nothing.
        case when rule in ('direction', 'level') then 0 else 1 end as weight,
        claim_key
    from instances

    union all

    select
        instances.identity_id,
        instances.instance,
        instances.rule,
        instances.document_id,
        'part' as role,
        'computed' as side,
        1 as weight,
        instances.current_key as claim_key
    from instances
    left join first_answers
        on
            instances.document_id = first_answers.document_id
            and instances.base_item = first_answers.item
            and instances.part_source = 'table'
    where
        instances.rule = 'share'
        and (first_answers.item is null or instances.is_unlisted)
        and instances.current_key is not null

    union all

    select
        instances.identity_id,
        instances.instance,
        instances.rule,
        instances.document_id,
        'whole' as role,
        'computed' as side,
        1 as weight,
        stand_ins.claim_key
    from instances
    inner join stand_ins
        on
            instances.document_id = stand_ins.document_id
            and instances.identity_id = stand_ins.identity_id
            and instances.instance = stand_ins.instance
    left join first_answers
        on instances.document_id = first_answers.document_id and instances.whole_item = first_answers.item
    where instances.rule = 'share' and first_answers.item is null

    union all

    select
        identity_id,
        instance,
        rule,
        document_id,
        'current' as role,
        'computed' as side,
        1 as weight,
        current_key as claim_key
    from instances
    where rule = 'change' and current_key is not null

    union all

    select
        identity_id,
        instance,
        rule,
        document_id,
        'change' as role,
        'computed' as side,
        1 as weight,
        change_key as claim_key
    from instances
    where rule = 'change' and change_key is not null

    union all

    -- 决算数大于预算数: the plan is at most the account, and the other way round; 持平: they are the same.
    select
        instances.identity_id,
        instances.instance,
        instances.rule,
        instances.document_id,
        roles.role,
        case
            when (roles.role = 'whole') = (instances.sign is not distinct from '-') then 'reported'
            else 'computed'
        end as side,
        1 as weight,
        case roles.role when 'part' then instances.current_key else stand_ins.claim_key end as claim_key
    from instances
    inner join stand_ins
        on
            instances.document_id = stand_ins.document_id
            and instances.identity_id = stand_ins.identity_id
            and instances.instance = stand_ins.instance
    cross join part_and_whole as roles
    where instances.rule in ('direction', 'level') and instances.current_key is not null

    union all

    -- Where the year before is stated and no change in money.
    select
        instances.identity_id,
        instances.instance,
        instances.rule,
        instances.document_id,
        roles.role,
        'computed' as side,
        1 as weight,
        case roles.role when 'part' then instances.current_key else instances.prior_key end as claim_key
    from instances
    cross join part_and_whole as roles
    where
        instances.rule = 'growth'
        and instances.current_key is not null
        and instances.prior_key is not null
        and instances.change_key is null
),

-- The year before, stated beside this year's figure and its change; the change may follow.
stated_priors as (
    select
        instances.identity_id,
        instances.instance,
        instances.rule,
        instances.document_id,
        min(changes.current_key) as current_key,
        min(changes.claim_key) as change_key
    from instances
    inner join claims as changes
        on
            instances.document_id = changes.document_id
            and instances.section = changes.section
            and instances.whole_item = changes.item
            and instances.subject_key = changes.subject_key
            and instances.claim_key = changes.prior_key
            and changes.measure = 'change_amount'
    where instances.rule = 'stated_prior' and changes.current_key is not null
    group by
        instances.identity_id,
        instances.instance,
        instances.rule,
        instances.document_id
    having count(*) = 1
),

sum_roles as (
    select * from {{ ref('int_claim_sums') }}
),

all_roles as (
    select claim_roles.*
    from claim_roles
    left join stated_priors
        on
            claim_roles.document_id = stated_priors.document_id
            and claim_roles.identity_id = stated_priors.identity_id
            and claim_roles.instance = stated_priors.instance
    where claim_roles.rule != 'stated_prior' or stated_priors.change_key is not null

    union all

    select
        identity_id,
        instance,
        rule,
        document_id,
        'current' as role,
        'computed' as side,
        1 as weight,
        current_key as claim_key
    from stated_priors

    union all

    select
        identity_id,
        instance,
        rule,
        document_id,
        'change' as role,
        'computed' as side,
        -1 as weight,
        change_key as claim_key
    from stated_priors

    union all

    select * from sum_roles
),

items as (
    select * from {{ ref('claim_items') }}
),

claim_operands as (
    select
        roles.document_id,
        roles.identity_id,
        roles.instance,
        roles.rule,
        roles.role,
        -- 不大于: the table's figure is the bound, the one stated is held against it.
        case
            when roles.rule = 'table' and identities.kind = 'inclusion' then 'computed'
            else roles.side
        end as side,
        roles.weight,
        'claim' as operand_source,
        claims.is_money,
        claims.amount_yuan,
        claims.quantum_yuan,
        claims.counted_value,
        claims.stated_ratio,
        claims.quantum_ratio,
        identities.statement_code,
        claims.position_no as block_no,
        claims.measure as column_code,
        coalesce(claims.printed_label, items.item_name, claims.item) as printed_label,
        '情况说明' || case claims.sign when '+' then '：增加' when '-' then '：减少' else '' end as printed_column,
        claims.printed_value || case when claims.unit_of_measure = '%' then '%' else '' end as printed_amount,
        claims.page_no,
        claims.line_no
    from all_roles as roles
    inner join identities on roles.identity_id = identities.identity_id
    inner join claims on roles.document_id = claims.document_id and roles.claim_key = claims.claim_key
    left join items on claims.item = items.item
),

table_roles as (
    select
        identity_id,
        instance,
        rule,
        document_id,
        'part' as role,
        identity_id as answer_identity,
        item as answer_item,
        measure as answer_measure,
        subject_key
    from instances
    where rule = 'table'

    union all

    select
        instances.identity_id,
        instances.instance,
        instances.rule,
        instances.document_id,
        'part' as role,
        first_answers.identity_id as answer_identity,
        instances.base_item as answer_item,
        'amount' as answer_measure,
        instances.subject_key
    from instances
    inner join first_answers
        on instances.document_id = first_answers.document_id and instances.base_item = first_answers.item
    where
        instances.rule = 'share'
        and instances.part_source = 'table'
        and first_answers.measure = 'amount'
        and not instances.is_unlisted

    union all

    -- Shares of classes are shares of the total, which has no subject; a class as approved has.
    select
        instances.identity_id,
        instances.instance,
        instances.rule,
        instances.document_id,
        'whole' as role,
        first_answers.identity_id as answer_identity,
        instances.whole_item as answer_item,
        'amount' as answer_measure,
        '' as subject_key
    from instances
    inner join first_answers
        on instances.document_id = first_answers.document_id and instances.whole_item = first_answers.item
    where instances.rule = 'share' and first_answers.measure = 'amount'
),

table_operands as (
    select
        roles.document_id,
        roles.identity_id,
        roles.instance,
        roles.rule,
        roles.role,
        case
            when roles.rule = 'table' and identities.kind = 'inclusion' then 'reported'
            else 'computed'
        end as side,
        answers.weight,
        'table' as operand_source,
        answers.is_money,
        answers.amount_yuan,
        answers.quantum_yuan,
        answers.counted_value,
        cast(null as decimal(18, 6)) as stated_ratio,
        cast(null as decimal(18, 6)) as quantum_ratio,
        answers.statement_code,
        answers.block_no,
        answers.column_code,
        answers.printed_label,
        answers.printed_column,
        answers.printed_amount,
        answers.page_no,
        answers.line_no
    from table_roles as roles
    inner join identities on roles.identity_id = identities.identity_id
    inner join answers
        on
            roles.document_id = answers.document_id
            and roles.answer_identity = answers.identity_id
            and roles.answer_item = answers.item
            and roles.answer_measure = answers.measure
            and roles.subject_key = answers.subject_key
),

final as (
    select * from claim_operands
    union all
    select * from table_operands
)

select * from final
