"""The warehouse's codes in the words of the field, Chinese and English: one home for every page and file."""

from __future__ import annotations

Words = tuple[str, str]

VERDICTS: dict[str, Words] = {
    "exact": ("符合", "agrees exactly"),
    "rounding": ("尾差", "rounding difference"),
    "broken": ("不符", "disagrees"),
    "not_assessable": ("无法判断", "cannot be judged"),
}

# Why an identity is broken, or cannot be judged.
REASONS: dict[str, Words] = {
    "beyond_bound": ("差额超出尾差界限", "the difference is more than rounding can explain"),
    "total_blank": ("合计栏为空", "the total is blank"),
    "parts_blank": ("各分项均为空", "all parts are blank"),
    "declared_empty": ("文件注明本表无数据", "the table is declared empty"),
    "table_missing": ("文件中未见该表", "the table is not in the disclosure"),
    "table_set_aside": ("该表未能读取", "the table could not be read"),
    "not_owed": ("不适用于该文件", "not owed by this disclosure"),
    "condition_unknown": ("是否适用无从判断", "whether it is owed cannot be told"),
    "not_stated": ("情况说明未提及", "the narrative does not state it"),
    "no_figures": ("有关各栏均无数字", "all cells that take part are blank"),
    "no_form": ("文件中未见绩效表", "there is no such performance form"),
    "unmatched": ("项目表中无唯一对应的项目", "no single project of the tables answers to the form"),
    "forms_missing": ("绩效表不全，或未填金额", "some performance forms are missing, or print no amount"),
    "unreadable": ("绩效表受损，无法读取", "the performance form is damaged and cannot be read"),
    "budget_zero": ("预算数为零", "the budget is zero"),
}

FAMILIES: dict[str, Words] = {
    "row": ("表内横向（分项与合计）", "across a row (parts and total)"),
    "tree": ("表内纵向（类、款、项）", "down a table (class, division, item)"),
    "leaves": ("末级科目与合计", "lowest level and grand total"),
    "balance": ("收支平衡", "income and expenditure balance"),
    "between_tables": ("表间关系", "between tables"),
    "narrative": ("情况说明与公开表", "narrative against tables"),
    "performance": ("绩效目标与项目", "performance against projects"),
    "self_evaluation": ("绩效自评", "self-evaluation"),
}

KINDS: dict[str, Words] = {
    "equality": ("等于", "equal"),
    "inclusion": ("不大于", "at most"),
    "hint": ("提示", "hint"),
}

CAUSES: dict[str, Words] = {
    "publisher": ("公开文件本身有误", "error of the publisher"),
    "conversion": ("文件转换所致", "error of the conversion"),
    "scope": ("口径不同", "different scope"),
}

TABLE_STATES: dict[str, Words] = {
    "data": ("有数据", "has figures"),
    "blank": ("空表", "blank"),
    "declared_empty": ("本表无数据", "declared empty"),
    "set_aside": ("未能读取", "could not be read"),
    "missing": ("未见该表", "not in the disclosure"),
}

DOCUMENT_KINDS: dict[str, Words] = {"budget": ("预算", "budget"), "final": ("决算", "final account")}

SCOPES: dict[str, Words] = {
    "unit": ("单位", "unit"),
    "department": ("部门（含所属单位）", "department with its units"),
}

PHASES: dict[str, Words] = {
    "approved": ("年初预算", "approved budget"),
    "adjusted": ("全年预算", "adjusted budget"),
    "executed": ("决算", "final account"),
}

EXPENDITURE_KINDS: dict[str, Words] = {
    "basic": ("基本支出", "basic expenditure"),
    "project": ("项目支出", "project expenditure"),
    "personnel": ("人员经费", "personnel"),
    "public": ("公用经费", "public (operating)"),
    "remitted_to_superior": ("上缴上级支出", "remitted to the superior unit"),
    "operating": ("经营支出", "operating expenditure"),
    "affiliate_subsidy": ("对附属单位补助支出", "subsidy to affiliated units"),
}

ORIGINS: dict[str, Words] = {
    "current": ("当年安排", "current year"),
    "carryover": ("上年结转", "carried over"),
    "all": ("当年及上年结转", "current year and carry-over"),
}

THREE_PUBLIC: dict[str, Words] = {
    "travel_abroad": ("因公出国（境）费", "travel abroad"),
    "vehicle_purchase": ("公务用车购置费", "vehicle purchase"),
    "vehicle_running": ("公务用车运行维护费", "vehicle running"),
    "hospitality": ("公务接待费", "hospitality"),
}

FORM_BLOCKS: dict[str, Words] = {
    "term": ("实施期", "whole term"),
    "year": ("年度", "year"),
    "source": ("资金来源", "source"),
    "use": ("资金用途", "use"),
    "main": ("自评", "evaluation"),
    "unplaced": ("期间不明", "period unclear"),
}

FORM_STATES: dict[str, Words] = {
    "read": ("已读取", "read"),
    "blank": ("空白", "blank"),
    "damaged": ("受损", "damaged"),
}

CONDITIONS: dict[str, Words] = {
    "no_carry_over": (
        "无上年结转，年末也无结转下年",
        "nothing was carried over and nothing is carried to the next year",
    ),
    "no_carry_out": ("年末无结转下年", "nothing is carried to the next year"),
    "carryover_is_appropriated": ("上年结转均为财政拨款", "all carry-over is appropriated money"),
    "carryover_is_general_public": (
        "上年结转均为一般公共预算",
        "all carry-over is of the general public budget",
    ),
    "carryover_is_appropriated_projects": (
        "上年结转均为财政拨款项目支出",
        "all carry-over is appropriated and for projects",
    ),
    "only_general_public_and_project_carryover": (
        "当年收入均为一般公共预算，上年结转均为项目支出",
        "this year's money is of the general public budget, and all carry-over is for projects",
    ),
    "one_unit_with_operating_cost": (
        "只有一个单位列有机关运行经费",
        "just one unit has operating cost",
    ),
    "several_units_with_operating_cost": (
        "有多个单位列有机关运行经费",
        "several units have operating cost",
    ),
    "unit_with_operating_cost": (
        "单位公开，且有机关运行经费",
        "the disclosure of a unit that has operating cost",
    ),
    "department_with_operating_cost": (
        "部门公开，且有机关运行经费",
        "the disclosure of a department that has operating cost",
    ),
    "nothing_carried_or_left": ("年初、年末均无结转结余", "nothing is carried in, and nothing is left"),
    "only_appropriated_money": ("支出均来自财政拨款", "all expenditure is appropriated money"),
}


def say(words: dict[str, Words], code: str | None) -> Words:
    """Return Chinese and English for a code; a code nobody has worded yet stands for itself."""
    if code is None:
        return "", ""
    return words.get(code, (code, code))
