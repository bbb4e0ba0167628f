"""Every word the dashboard says, in Chinese and in English: the field's own terms, one file."""

from __future__ import annotations

from enum import StrEnum

from yusuan.labels import CODES


class Language(StrEnum):
    """The languages a reader can choose; the first is the one the dashboard opens in."""

    CHINESE = "zh"
    ENGLISH = "en"


# Codes of the warehouse are called here what `marts.dim_codes` calls them: group of words, column.
SHARED = {
    "family": "family",
    "cause": "known_cause",
    "reason": "reason",
    "block": "block",
    "state": "state",
    "phase": "phase",
    "origin": "origin",
    "direction": "direction",
    "role": "row_role",
    "item": "item_code",
    "measure": "measure",
    "section": "section",
}

WORDS: dict[str, tuple[str, str]] = {
    **{f"{group}.{code}": said for group, column in SHARED.items() for code, said in CODES[column].items()},
    # The frame.
    "app.title": ("预算与决算公开数据", "Public budgets and final accounts"),
    "unit.choose": ("金额单位", "Unit of money"),
    "unit.auto": ("自动", "Auto"),
    "unit.yuan": ("元", "yuan"),
    "unit.ten_thousand": ("万元", "10,000 yuan"),
    "unit.hundred_million": ("亿元", "100 million yuan"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "blank": ("空", "blank"),
    "amount.points": ("{points} 分", "{points} points"),
    "amount.with_unit": ("{amount} {unit}", "{amount} ({unit})"),
    "list.of": ("", ": "),
    "list.comma": ("、", ", "),
    "line.short": ("第 {line} 行", "line {line}"),
    "filter.all": ("全部", "All"),
    "filter.year": ("预算年度", "Fiscal year"),
    "filter.kind": ("文件类别", "Kind of document"),
    "filter.region": ("行政区", "Region"),
    "filter.fund": ("资金来源", "Fund"),
    "filter.origin": ("资金性质", "Origin of the money"),
    "release.footer": (
        "数据发布于 {built_at}（北京时间），版本 {build_id}。新数据发布后，本页自动更新。",
        "Published {built_at} (Beijing time), release {build_id}. This page follows a new release by itself.",
    ),
    "release.title": ("数据版本", "About this release"),
    "release.build_id": ("构建编号", "Build"),
    "release.built_at": ("构建时间（北京时间）", "Built at (Beijing time)"),
    "release.git_commit": ("代码版本", "Version of the code"),
    "release.documents": ("公开文件", "Documents"),
    "release.amounts": ("金额", "Amounts"),
    "release.identities_judged": ("已判断的勾稽关系", "Identities judged"),
    "release.identities_broken": ("其中不符", "Of these broken"),
    # What goes wrong.
    "error.no_warehouse": (
        "尚未发布数据。请先在命令行运行 `yusuan build`；发布后本页自动打开。（查找位置：`{path}`）",
        "Nothing has been published yet. Run `yusuan build` first; this page then opens by itself. "
        "(Looked for: `{path}`)",
    ),
    "error.unreadable": (
        "无法读取已发布的数据文件 `{path}`：文件可能已损坏，或由其他版本生成。请重新运行 `yusuan build`。",
        "The published file `{path}` cannot be read: it may be damaged, or made by another version. "
        "Run `yusuan build` again.",
    ),
    "error.query": (
        "查询失败：已发布的数据与本版本的页面不一致。请重新运行 `yusuan build`；详情见运行日志。",
        "A query failed: the published data and this version of the pages do not match. "
        "Run `yusuan build` again; the log has the details.",
    ),
    "error.page": (
        "本页显示出错，详情见运行日志。其他页面仍可使用。",
        "This page could not be shown; the log has the details. The other pages still work.",
    ),
    # What several pages share.
    "document.choose": ("公开文件", "Document"),
    "document.all": ("全部公开文件", "All documents"),
    "document.budget": ("{unit} {year} 年预算", "{unit} {year} budget"),
    "document.final": ("{unit} {year} 年决算", "{unit} {year} final account"),
    "document.of_department": ("（部门）", " (department)"),
    "document.superseded": ("（旧版 {id}）", " (earlier version {id})"),
    "document.unit_year": ("{unit} {year} 年", "{unit} {year}"),
    "table.cut": (
        "共 {count} 行，此处显示前 {shown} 行；下载的表格包含全部。",
        "{count} rows, the first {shown} of them shown; the download has all.",
    ),
    "table.download": ("下载表格（{count} 行，CSV）", "Download table ({count} rows, CSV)"),
    "table.follow": (
        "点击行号，可查看该行在公开文件中的位置、各项编码和勾稽结果。",
        "A line number leads to the printed line, its codes and its verdicts.",
    ),
    "table.sum": ("合计", "Sum"),
    "chart.row": ("项目", "Row"),
    "chart.series": ("类别", "Kind"),
    "chart.largest": (
        "图中为金额最大的 {count} 项，表中为全部。",
        "The chart has the largest {count}, the table all.",
    ),
    "statement.none": ("（不属于某一张表）", "(no single table)"),
    "kind.budget": ("预算", "budget"),
    "kind.final": ("决算", "final account"),
    "scope.unit": ("单位", "unit"),
    "scope.department": ("部门", "department"),
    "expenditure.total": ("支出合计", "Total expenditure"),
    "expenditure.basic": ("基本支出", "Basic"),
    "expenditure.project": ("项目支出", "Project"),
    "expenditure.personnel": ("人员经费", "Personnel"),
    "expenditure.public": ("公用经费", "Public (operating)"),
    "expenditure.operating": ("经营支出", "Business operations"),
    "expenditure.remitted_to_superior": ("上缴上级支出", "Remitted to superior"),
    "expenditure.affiliate_subsidy": ("对附属单位补助支出", "Subsidies to affiliates"),
    "item.count": ("项目数", "Number of projects"),
    # Column heads.
    "column.unit": ("单位", "Unit"),
    "column.region": ("行政区", "Region"),
    "column.year": ("年度", "Year"),
    "column.kind": ("类别", "Kind"),
    "column.scope": ("口径", "Scope"),
    "column.is_current": ("现行版本", "Current"),
    "column.total_expenditure": ("支出合计", "Total expenditure"),
    "column.tables": ("公开表", "Tables"),
    "column.set_aside": ("未读取的表", "Tables set aside"),
    "column.document": ("公开文件", "Document"),
    "column.document_id": ("公开文件标识", "Document id"),
    "column.as_ratio": ("比值", "as a ratio"),
    "column.table": ("公开表", "Official table"),
    "column.line": ("行号", "Line"),
    "column.line_of": ("行号（{side}）", "Line ({side})"),
    "column.code": ("科目编码", "Code"),
    "column.subject_code": ("功能科目编码", "Subject code"),
    "column.subject": ("功能科目名称", "Subject"),
    "column.total": ("合计", "Total"),
    "column.amount": ("金额", "Amount"),
    "column.yuan": ("金额（元）", "Amount (yuan)"),
    "column.share": ("占比", "Share"),
    "column.share_of_document": ("占该文件比重", "Share of the document"),
    "column.count": ("数量", "Count"),
    "column.name": ("名称", "Name"),
    "column.change": ("差额", "Difference"),
    "column.change_ratio": ("增减", "Change"),
    "column.department_code": ("部门经济科目编码", "Department code"),
    "column.department_category": ("部门预算支出经济科目", "Department category"),
    "column.government_code": ("政府经济科目编码", "Government code"),
    "column.government_category": ("政府预算支出经济科目", "Government category"),
    "column.kind_of_expenditure": ("支出类别", "Kind of expenditure"),
    "column.rank": ("位次", "Rank"),
    "column.project": ("项目名称", "Project"),
    "column.project_kind": ("项目类型", "Kind of project"),
    "column.project_term": ("项目期限", "Term"),
    "column.block": ("期间或性质", "Period or side"),
    "column.level_1": ("一级指标", "Level 1"),
    "column.level_2": ("二级指标", "Level 2"),
    "column.indicator": ("三级指标", "Indicator"),
    "column.target": ("指标值", "Target"),
    "column.actual": ("完成值", "Reached"),
    "column.full_score": ("分值", "Full score"),
    "column.score": ("得分", "Score"),
    "column.balance": ("结余", "Balance"),
    "column.execution_ratio": ("执行率", "Execution"),
    "column.execution_score": ("执行率得分", "Score of execution"),
    "column.indicator_score": ("指标得分", "Score of indicators"),
    "column.total_score": ("总分", "Total score"),
    "column.grade": ("等级", "Grade"),
    "column.state": ("读取情况", "State"),
    "column.fund": ("资金来源", "Fund"),
    "column.origin": ("资金性质", "Origin"),
    "column.phase": ("阶段", "Phase"),
    "column.item": ("事项", "Item"),
    "column.direction": ("收支", "Direction"),
    "column.printed_label": ("公开表所印项目", "Printed label"),
    "column.printed_column": ("公开表所印栏目", "Printed column"),
    "column.printed_amount": ("所印数字", "As printed"),
    "column.unit_of_measure": ("计量单位", "Unit of measure"),
    "column.row_role": ("行性质", "Role of the row"),
    "column.column_role": ("列性质", "Role of the column"),
    "column.identity": ("勾稽关系", "Identity"),
    "column.identity_id": ("编号", "Id"),
    "column.family": ("勾稽类别", "Family"),
    "column.verdict": ("结果", "Verdict"),
    "column.difference": ("差额", "Difference"),
    "column.bound": ("尾差界限", "Bound of rounding"),
    "column.reported_ratio": ("报告比率", "Reported (ratio)"),
    "column.computed_ratio": ("计算比率", "Computed (ratio)"),
    "column.reported_score": ("报告分数", "Reported (points)"),
    "column.computed_score": ("计算分数", "Computed (points)"),
    "column.reported_count": ("报告数（个）", "Reported (count)"),
    "column.computed_count": ("计算数（个）", "Computed (count)"),
    "column.reason": ("原因", "Reason"),
    "column.explained": ("已说明", "Explained"),
    "column.cause": ("原因类别", "Cause"),
    "column.explanation": ("原因说明", "What is wrong"),
    "column.side": ("所在一侧", "Side"),
    "column.stated_item": ("所述事项", "About"),
    "column.section": ("情况说明章节", "Section of the narrative"),
    "column.measure": ("说明内容", "Measure"),
    "column.stated": ("所述数字", "As stated"),
    "column.judged": ("已核对", "Checked"),
    "column.this_year": ("本年数", "This year"),
    "column.stated_change": ("所述增减", "Stated change"),
    "column.implied_change": ("推算增减", "Implied change"),
    "column.implied_prior": ("推算上年数", "Implied prior year"),
    # Overview.
    "overview.page": ("概览", "Overview"),
    "overview.title": ("概览：各单位预算与决算", "Overview of budgets and final accounts"),
    "overview.question": (
        "收录了哪些单位、哪些年度的公开文件？各安排或支出了多少？",
        "Which units and years are here, and what did each plan or spend?",
    ),
    "overview.empty": ("数据中还没有公开文件。", "No document is in the warehouse yet."),
    "overview.none_chosen": ("没有符合条件的公开文件。", "No document meets these conditions."),
    "overview.units": ("单位", "Units"),
    "overview.documents": ("公开文件", "Documents"),
    "overview.years": ("年度", "Years"),
    "overview.amounts": ("金额数", "Amounts"),
    "overview.judged": ("已判断勾稽", "Identities judged"),
    "overview.broken": ("其中不符", "Broken"),
    "overview.chart": ("支出合计：基本支出与项目支出", "Total expenditure: basic and project"),
    "overview.chart_note": (
        "取自各文件支出总表所印合计。部门口径包含所属单位，不同口径不可相加。",
        "The printed totals of each document's table of expenditure. "
        "A department contains its units: do not add across scopes.",
    ),
    "overview.largest": ("图中为支出最大的 {count} 份文件。", " The chart has the {count} largest."),
    "overview.table": ("公开文件", "Documents"),
    "overview.table_note": (
        "部门口径含所属单位。“符合、尾差、不符、无法判断”为该文件各勾稽关系的结果数，详见“勾稽核对”页。",
        "A department contains its units. Exact, rounding, broken and not assessable count the verdicts on the document's identities; "
        "see the page Checks.",
    ),
    # Function subjects.
    "subjects.page": ("功能分类", "By function"),
    "subjects.title": ("按功能分类的支出", "Expenditure by function"),
    "subjects.question": (
        "一个单位安排或支出了多少？用在哪些类、款、项？",
        "What did a unit plan or spend, by class, division and item?",
    ),
    "subjects.empty": (
        "该文件没有可用的支出总表（未印数据，或未能读取）。",
        "This document has no table of expenditure with figures: it prints none, or it could not be read.",
    ),
    "subjects.total": ("支出合计", "Total expenditure"),
    "subjects.share": ("占 {share}", "{share} of the total"),
    "subjects.class": ("类", "Class"),
    "subjects.division": ("款", "Division"),
    "subjects.chart_class": ("各类支出", "By class"),
    "subjects.chart_division": ("该类下各款支出", "By division within the class"),
    "subjects.chart_item": ("该款下各项支出", "By item within the division"),
    "subjects.sum_differs": (
        "图中各项相加为 {added} {unit}，公开表所印合计为 {printed} {unit}，相差 {difference} {unit}，为四舍五入的尾差。",
        "The items in the chart add up to {added}, the printed total is {printed}: a difference of {difference} "
        "({unit}), from rounding.",
    ),
    "subjects.table": ("支出总表（所印各行）", "The table of expenditure, line by line"),
    # Economic categories.
    "categories.page": ("经济分类", "By economic category"),
    "categories.title": ("按经济分类的基本支出", "Basic expenditure by economic category"),
    "categories.question": (
        "钱用在什么上？部门预算与政府预算两套支出经济分类对照；基本与项目、人员与公用。",
        "On what is the money spent? The department scheme with the government scheme beside it; "
        "basic and project, personnel and public.",
    ),
    "categories.empty": (
        "该文件没有可用的基本支出经济分类表（未印数据，或未能读取）。",
        "This document has no table of economic categories with figures: it prints none, or it could not be read.",
    ),
    "categories.all_expenditure": ("全部支出", "All expenditure"),
    "categories.basic_expenditure": ("基本支出（按经济分类表）", "Basic expenditure (table by category)"),
    "categories.split": ("支出结构", "How the expenditure splits"),
    "categories.split_note": (
        "经济分类表只列一般公共预算安排的基本支出；预算不含上年结转，因此可能小于全部基本支出。",
        "The table by category has basic expenditure of the general public budget only, in budgets without "
        "carry-over: it may be less than all basic expenditure.",
    ),
    "categories.department": ("部门预算支出经济分类（类）", "Department scheme, by class"),
    "categories.government": ("政府预算支出经济分类（类）", "Government scheme, by class"),
    "categories.government_empty": (
        "决算公开表只印部门预算支出经济分类，不印政府预算支出经济分类。",
        "Final accounts print the department scheme only, not the government scheme.",
    ),
    "categories.government_missing": (
        "另有 {count} 行未印政府预算支出经济科目，未计入本图。",
        "{count} rows without a government category are not in this chart.",
    ),
    "categories.items": ("金额最大的 {count} 个款级科目", "The {count} largest items"),
    "categories.table": ("款级科目明细", "All items"),
    # Projects.
    "projects.page": ("项目支出", "Projects"),
    "projects.title": ("项目支出", "Projects"),
    "projects.question": (
        "有哪些项目？金额、资金来源、本年安排还是上年结转？",
        "Which projects are there, how large, from which fund, of this year or carried over?",
    ),
    "projects.empty": ("没有符合条件的项目。", "No project meets these conditions."),
    "projects.not_in_final": (
        "决算公开表不列项目支出明细。项目预算请选择预算文件。",
        "Final accounts have no table of projects. Choose a budget for its projects.",
    ),
    "projects.count": ("项目数", "Projects"),
    "projects.sum": ("项目支出", "Project expenditure"),
    "projects.ranking": ("金额最大的 {count} 个项目", "The {count} largest projects"),
    "projects.table": ("项目明细", "All projects"),
    "performance.targets": ("项目支出绩效目标", "Performance targets of projects"),
    "performance.term": ("实施期资金总额", "Money, whole term"),
    "performance.year": ("年度资金总额", "Money, this year"),
    "performance.budget": ("项目预算（本年）", "Budget of the project (this year)"),
    "performance.targets_note": (
        "绩效目标表以元计，项目预算表以万元计，二者可能有尾差；空白表示未找到对应的项目。",
        "Forms are in yuan, the table of projects in 10,000 yuan: they may differ by rounding. "
        "Blank: no such project in the table.",
    ),
    "performance.without": ("未见绩效目标表的项目", "Projects without a form of targets"),
    "performance.without_note": (
        "本年项目预算中，未在同一文件中找到绩效目标表的项目：可能未公开，也可能名称不一致或该表未能读取。",
        "Projects of the year's budget for which the same document has no form of targets: not published, under "
        "another name, or not read.",
    ),
    "performance.choose_target": ("查看一个项目的绩效目标", "The targets of one project"),
    "performance.choose_evaluation": ("查看一个项目的自评指标", "The evaluated indicators of one project"),
    "performance.sources": ("资金来源", "Money by source"),
    "performance.indicators": ("绩效指标", "Indicators"),
    "performance.no_indicators": (
        "该表没有可读取的绩效指标。",
        "No indicator of this form could be read.",
    ),
    "performance.whole": ("部门整体支出绩效目标：资金", "Targets of a whole department: money"),
    "performance.evaluations": ("项目支出绩效自评：全年预算与执行", "Self-evaluations: budget and execution"),
    "performance.executed": ("执行数", "Executed"),
    "performance.unread": (
        "{all} 张自评表中有 {count} 张空白或在转换中受损，其中不能读取的数字留空。",
        "{count} of {all} forms are blank or were damaged in conversion; what cannot be read is left blank.",
    ),
    # 三公.
    "three_public.page": ("“三公”与运行经费", "Travel, vehicles, hospitality"),
    "three_public.title": (
        "“三公”经费与机关运行经费",
        "Travel abroad, vehicles, hospitality; operating cost",
    ),
    "three_public.question": (
        "因公出国（境）、公务用车、公务接待各多少？机关运行经费多少？预算与决算相差多少？",
        "How much for travel abroad, official vehicles and hospitality (三公), and for running the organ? "
        "How far are budget and final account apart?",
    ),
    "three_public.chart": ("“三公”经费", "Travel abroad, vehicles, hospitality (三公)"),
    "three_public.blank": (
        "以下文件的“三公”经费表没有数字（未安排，或未能读取）：{documents}。",
        "No figures in this table (none planned, or not read): {documents}.",
    ),
    "three_public.operating_cost": ("机关运行经费", "Operating cost of administrative organs"),
    "three_public.operating_cost_empty": (
        "没有机关运行经费的数字：该项只由行政单位和参照公务员法管理的事业单位填列。",
        "No operating cost is printed: only administrative units and institutions run like them state it.",
    ),
    "three_public.operating_cost_note": (
        "取自预算的机关运行经费表和决算的相关信息统计表；部门合计包含下列各单位，不可相加。",
        "From the table of operating cost (budgets) and the table of statistics (final accounts); a department's "
        "total contains the units below it: "
        "do not add them.",
    ),
    "three_public.procurement": ("政府采购支出", "Government procurement"),
    "three_public.counts": ("车辆与设备", "Vehicles and equipment"),
    # Comparisons.
    "comparisons.page": ("对比", "Compare"),
    "comparisons.title": ("两份文件对比", "Two documents side by side"),
    "comparisons.question": (
        "两个单位、两个年度，或预算与决算，相差在哪里？",
        "Where do two units, two years, or a budget and a final account differ?",
    ),
    "comparisons.too_few": ("至少要有两份公开文件才能对比。", "Comparing takes two documents at least."),
    "comparisons.first": ("甲", "First"),
    "comparisons.second": ("乙", "Second"),
    "comparisons.side": ("{side}：{document}", "{side}: {document}"),
    "comparisons.aspect": ("对比内容", "What to compare"),
    "comparisons.execution": (
        "{unit} {year} 年预算与同年决算：差额反映执行与年初预算之差。",
        "The {year} budget and final account of {unit}: differences are execution against the approved budget.",
    ),
    "comparisons.other_kind": (
        "一份是预算（安排数），一份是决算（执行数），阶段不同。",
        "One is a budget (planned), the other a final account (spent): different phases.",
    ),
    "comparisons.other_year": (
        "年度也不同，差额不是预算执行情况，不能据此计算执行率。",
        "The years differ too: a difference is not budget execution, and no rate of execution follows from it.",
    ),
    "comparisons.other_unit": (
        "单位也不同，差额不是预算执行情况。",
        "The units differ too: a difference is not budget execution.",
    ),
    "comparisons.other_scope": (
        "口径不同：部门口径包含所属单位，单位口径只含本单位，金额不能直接比较大小。",
        "The scopes differ: a department contains its units, a unit only itself. Amounts are not alike.",
    ),
    "comparisons.units": (
        "两个单位的层级、职能和人员规模可能不同，金额大小不等于优劣。",
        "The two units may differ in level, functions and staff: larger is neither better nor worse.",
    ),
    "comparisons.pairs": (
        "同一单位同一年度预算、决算齐全，可比较执行情况：{pairs}。",
        "Budget and final account of one unit and year are both here for: {pairs}.",
    ),
    "comparisons.no_pairs": (
        "目前没有哪个单位在同一年度既有预算又有决算，因此无法比较预算执行情况；可比较不同单位或不同年度。",
        "No unit has both a budget and a final account of one year here, so execution cannot be compared; "
        "units and years can.",
    ),
    "comparisons.nothing": (
        "两份文件都没有“{aspect}”的数字。",
        "Neither document has figures for: {aspect}.",
    ),
    "comparisons.not_printed": (
        "{document}没有“{aspect}”的数字，无法对比，只列出另一份文件。",
        "{document} has no figures for {aspect}: nothing to compare; only the other document is listed.",
    ),
    "comparisons.one_sided": (
        "{all} 项中有 {count} 项只见于一份文件：未印不等于零，不计算差额。",
        "{count} of {all} rows are in one document only: not printed is not zero, and no difference is taken.",
    ),
    "comparisons.renamed": (
        "{count} 个编码在两个年度名称不同，两个名称都已列出，含义可能有变。",
        "{count} codes bear different names in the two years; both are shown, and the meaning may have changed.",
    ),
    "comparisons.not_comparable": ("不可比", "not comparable"),
    "comparisons.table_note": (
        "差额 = 乙 − 甲；增减以甲为基数。",
        "Difference = second − first; change is relative to the first.",
    ),
    "comparisons.line_note": (
        "该金额由若干行相加，行号为其中第一行。",
        "Such an amount may be a sum of several lines; the line given is the first of them.",
    ),
    "aspect.totals": ("支出合计、基本支出、项目支出", "Total, basic and project expenditure"),
    "aspect.subject_class": ("功能分类：类", "Function: class"),
    "aspect.subject_division": ("功能分类：款", "Function: division"),
    "aspect.subject_item": ("功能分类：项", "Function: item"),
    "aspect.category_class": ("经济分类：类（基本支出）", "Economic category: class (basic)"),
    "aspect.category_item": ("经济分类：款（基本支出）", "Economic category: item (basic)"),
    "aspect.three_public": ("“三公”经费", "Travel abroad, vehicles, hospitality"),
    "aspect.projects": ("项目", "Projects"),
    # Verdicts.
    "checks.page": ("勾稽核对", "Checks"),
    "checks.title": ("勾稽核对", "Do the figures agree?"),
    "checks.question": (
        "哪些数字对不上？差多少？各在哪一行？",
        "Which figures disagree, by how much, and on which lines?",
    ),
    "checks.empty": ("没有勾稽结果。", "There are no verdicts."),
    "checks.view": ("查看", "Show"),
    "checks.view_summary": ("汇总", "Summary"),
    "checks.view_broken": ("不符", "Broken"),
    "checks.view_rounding": ("尾差", "Rounding"),
    "checks.view_not_assessable": ("无法判断", "Not assessable"),
    "checks.view_claims": ("情况说明中的数字", "Figures in the narrative"),
    "checks.view_years": ("比上年增减", "Change on the year before"),
    "checks.of_these_explained": ("其中已说明 {count}", "{count} of them explained"),
    "checks.beside_not_owed": ("另有 {count} 个不适用", "{count} more are not owed"),
    "checks.what_verdicts_mean": ("四种结果的含义", "What the verdicts mean"),
    "checks.meaning": (
        "- **符合**：两侧完全相等。\n"
        "- **尾差**：不相等，但差额在四舍五入所能造成的范围内（各数末位之半的总和）。\n"
        "- **不符**：差额超出尾差界限。已说明的不符，原因和依据已经查明并登记。\n"
        "- **无法判断**：缺表，或表中无数据、无法读取。\n"
        "- 不适用于该文件的勾稽关系（如另一种公开表式的）不计入。",
        "- **Exact**: both sides are equal.\n"
        "- **Rounding**: not equal, but no further apart than rounding explains (half the last digit of every "
        "figure, added up).\n"
        "- **Broken**: further apart than that. Explained ones have a cause and evidence on record.\n"
        "- **Not assessable**: a table is missing, empty, or could not be read.\n"
        "- Identities that a disclosure does not owe (those of another layout of tables, say) are not counted.",
    ),
    "checks.axis": ("勾稽关系（个）", "Identities"),
    "checks.by_document": ("各文件的结果", "By document"),
    "checks.worst": (
        "图中为不符最多的 {count} 份文件。",
        "The chart has the {count} documents with most broken.",
    ),
    "checks.by_family": ("按勾稽类别", "By family"),
    "checks.by_table": ("按公开表", "By official table"),
    "checks.no_broken": ("未发现不符的勾稽关系。", "No identity is broken here."),
    "checks.no_rounding": ("没有尾差。", "No differences from rounding here."),
    "checks.no_not_assessable": ("没有无法判断的勾稽关系。", "Every identity here could be judged."),
    "checks.no_claims": ("没有情况说明中的数字。", "There are no figures from a narrative."),
    "checks.no_years": (
        "情况说明中没有比上年增减的数字。",
        "The narrative states no change on the year before.",
    ),
    "checks.rounding_note": (
        "差额在尾差界限以内，属四舍五入，不是错误。",
        "These differences are within the bound of rounding: no errors.",
    ),
    "checks.list": ("不符清单", "List of broken identities"),
    "checks.reported": ("报告数", "Reported"),
    "checks.computed": ("计算数", "Computed"),
    "checks.is_explained": ("已说明：{cause}", "explained: {cause}"),
    "checks.is_hint": ("提示", "hint only"),
    "checks.finding": (
        "相差 {difference} {unit}，尾差界限 {bound} {unit}；{reason}。",
        "Difference {difference}, bound of rounding {bound} ({unit}); {reason}.",
    ),
    "checks.finding_count": (
        "报告数 {reported}，计算数 {computed}；{reason}。",
        "Reported {reported}, computed {computed}; {reason}.",
    ),
    "checks.more_operands": ("另有 {count} 个数", "{count} more"),
    "checks.claims_note": (
        "情况说明中的金额、比重、增减和数量；“已核对”表示该数字参与了勾稽判断。",
        "Amounts, shares, changes and counts that the narrative states; checked ones take part in a verdict.",
    ),
    "checks.years_note": (
        "推算上年数 = 本年数 − 所述增减额；所述增减百分比应与推算一致。",
        "Implied prior year = this year − stated change; the stated percentage should agree with it.",
    ),
    "verdict.exact": ("符合", "Exact"),
    "verdict.rounding": ("尾差", "Rounding"),
    "verdict.broken": ("不符", "Broken"),
    "verdict.not_assessable": ("无法判断", "Not assessable"),
    # Looking up.
    "lookup.page": ("查找", "Look up"),
    "lookup.title": ("查找：印在哪里，对应什么", "Where is it printed, and what is it here?"),
    "lookup.question": (
        "某个项目名称、科目编码或金额印在哪份文件、哪张表、哪一行？",
        "On which document, table and line does a label, code or amount stand?",
    ),
    "lookup.input": ("名称、编码或金额", "Label, code or amount"),
    "lookup.placeholder": ("例如：应急救援、2240106、33.5", "For example: 应急救援, 2240106, 33.5"),
    "lookup.hint": (
        "输入公开表中的名称（可只输入一部分）、科目编码（可只输入前几位），或金额（按所印数字、元或万元）。",
        "Type a printed label (or part of it), a code (or its first digits), or an amount (as printed, in yuan "
        "or in 10,000 yuan).",
    ),
    "lookup.nothing": ("没有找到“{words}”。", "Nothing found for: {words}."),
    "lookup.found": ("找到 {count} 个数字。", "{count} figures found."),
    "lookup.found_more": (
        "找到的数字多于 {count} 个，只列出前 {count} 个；请输入更多字。",
        "More than {count} figures found, the first {count} listed; type more to narrow it down.",
    ),
    "lookup.line": ("第 {line} 行 · {document}", "Line {line} · {document}"),
    "lookup.on_page": ("，第 {page} 页", ", page {page}"),
    "lookup.to_form": ("在公开表中查看这一行", "show this line in its table"),
    "lookup.empty_line": (
        "该行没有数字：可能是标题、空行或正文。",
        "No figure stands on this line: it may be a heading, an empty line or text.",
    ),
    "lookup.amounts": ("这一行的金额", "Amounts on this line"),
    "lookup.counts": ("这一行的数量", "Counts on this line"),
    "lookup.claims": ("这一行情况说明中的数字", "Figures of the narrative on this line"),
    "lookup.verdicts": ("涉及这一行的勾稽关系", "Identities this line takes part in"),
    # Official tables.
    "forms.page": ("公开表原样", "Official tables"),
    "forms.title": ("公开表原样", "The official tables as printed"),
    "forms.question": (
        "公开文件中的表是怎样印的？",
        "What do the tables of a document look like?",
    ),
    "forms.choose": ("公开表", "Table"),
    "forms.none": ("该文件没有可显示的公开表。", "No table of this document can be shown."),
    "forms.empty": (
        "该文件中没有这张表的内容：未印，或未能读取。",
        "This document has no rows of this table: it prints none, or they could not be read.",
    ),
    "forms.no_figures": ("本表没有数字。", "No figure is printed in this table."),
    "forms.caption": ("{document}{unit}", "{document}{unit}"),
    "forms.unit": ("　单位：{unit}", " · unit: {unit}"),
    "forms.note": (
        "数字与名称按公开文件所印；点击行号查看各数字的编码与勾稽结果。",
        "Figures and names as printed; a line number leads to codes and verdicts.",
    ),
}
