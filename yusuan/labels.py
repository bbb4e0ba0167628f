"""The warehouse's codes in the words of the field, Chinese and English: one home for every page and file."""

from __future__ import annotations

import csv

from yusuan.places import PROJECT

Words = tuple[str, str]


def _read_codes() -> dict[str, dict[str, Words]]:
    """Return the words of ``seeds/codes.csv`` by column and code, in the order that they stand in."""
    codes: dict[str, dict[str, Words]] = {}
    with (PROJECT / "seeds" / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            codes.setdefault(row["coded_column"], {})[row["code"]] = (row["code_name"], row["code_name_en"])
    return codes


# What stands in columns of the warehouse is worded there, as `marts.dim_codes`; the rest is worded here.
CODES = _read_codes()
VERDICTS = CODES["verdict"]
REASONS = CODES["reason"]
FAMILIES = CODES["family"]
KINDS = CODES["kind"]
CAUSES = CODES["known_cause"]
DOCUMENT_KINDS = CODES["document_kind"]
SCOPES = CODES["scope"]
PHASES = CODES["phase"]
ORIGINS = CODES["origin"]
EXPENDITURE_KINDS = CODES["expenditure_kind"]
FORM_BLOCKS = CODES["block"]
STATES = CODES["state"]  # of an official table, or of a performance form
THREE_PUBLIC = {
    item: CODES["item_code"][item]
    for item in ("travel_abroad", "vehicle_purchase", "vehicle_running", "hospitality")
}

CONDITIONS: dict[str, Words] = {
    "no_carry_over": (
        "无上年结转，年末也无结转下年",
        "nothing was carried over and nothing is carried to the next year",
    ),
    "no_carry_out": ("年末无结转下年", "nothing is carried to the next year"),
    "current_tables": (
        "无上年结转，或表中注明不含上年结转",
        "nothing was carried over, or the tables say that they leave it out",
    ),
    "no_carry_out_current_tables": (
        "年末无结转下年；无上年结转，或表中注明不含上年结转",
        "nothing is carried to the next year; nothing was carried over, or the tables leave it out",
    ),
    "carryover_is_general_public_current_tables": (
        "上年结转均为一般公共预算，且表中注明不含上年结转",
        "all carry-over is of the general public budget, and the tables leave it out",
    ),
    "no_carry_over_nor_state_capital": (
        "无上年结转、无结转下年，也无国有资本经营预算支出",
        "nothing is carried over or on, and there is no state capital expenditure",
    ),
    "income_is_of_the_year": (
        "收入总表的合计只含本年收入",
        "the total of the table of income holds this year's income only",
    ),
    "nothing_for_other_units": (
        "没有上缴上级支出和对附属单位补助支出",
        "nothing is remitted to a superior unit or given to affiliated ones",
    ),
    "general_public_of_the_year": (
        "一般公共预算支出表不含上年结转",
        "the table of the general public budget holds nothing that was carried over",
    ),
    "no_balance_used": ("未使用非财政拨款结余", "no balance of non-fiscal funds is used"),
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
