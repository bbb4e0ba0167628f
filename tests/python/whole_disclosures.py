"""Whole disclosures of layouts that the project's own documents do not show, every figure consistent.

An invented department of two units spends on some subjects from three funds, and carries something over.
Its tables are made from that one list, so that all identities hold that the layouts owe.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from printed_tables import Printed

UNIT = "虚构省虚构市虚构局"
GENERAL, FUND, CAPITAL, OTHER = (
    "general_public_budget",
    "government_fund_budget",
    "state_capital_budget",
    "own",
)
NAMES = {
    "201": "一般公共服务支出",
    "20103": "政府办公厅（室）及相关机构事务",
    "2010301": "行政运行",
    "2010302": "一般行政管理事务",
    "208": "社会保障和就业支出",
    "20805": "行政事业单位养老支出",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "212": "城乡社区支出",
    "21208": "国有土地使用权出让收入安排的支出",
    "2120899": "其他国有土地使用权出让收入安排的支出",
    "221": "住房保障支出",
    "22102": "住房改革支出",
    "2210201": "住房公积金",
    "223": "国有资本经营预算支出",
    "22301": "解决历史遗留问题及改革成本支出",
    "2230105": "国有企业退休人员社会化管理补助支出",
    "301": "工资福利支出",
    "30101": "基本工资",
    "30108": "机关事业单位基本养老保险缴费",
    "30113": "住房公积金",
    "302": "商品和服务支出",
    "30201": "办公费",
    "30217": "公务接待费",
    "30231": "公务用车运行维护费",
    "303": "对个人和家庭的补助",
    "30302": "退休费",
    "310": "资本性支出",
    "31002": "办公设备购置",
}
CLASSES = {"201": "一", "208": "八", "212": "十一", "221": "十九", "223": "二十一"}


@dataclass(frozen=True)
class Spent:
    """What is spent on a subject from a fund, in 万元."""

    subject: str
    fund: str
    personnel: str = "0"
    public: str = "0"
    project: str = "0"

    @property
    def amounts(self) -> tuple[Decimal, Decimal, Decimal]:
        return Decimal(self.personnel), Decimal(self.public), Decimal(self.project)


SPENT = (
    Spent("2010301", GENERAL, personnel="250.10", public="61.25"),
    Spent("2010302", GENERAL, project="120.40"),
    Spent("2010302", OTHER, project="12.05"),
    Spent("2080505", GENERAL, personnel="40.06"),
    Spent("2120899", FUND, project="75.30"),
    Spent("2210201", GENERAL, personnel="33.33"),
    Spent("2230105", CAPITAL, project="5.20"),
)
ITEMS = {  # economic items of the general public basic part: personnel, then public
    "30101": ("235.10", ""),
    "30108": ("40.06", ""),
    "30113": ("33.33", ""),
    "30201": ("", "30.15"),
    "30217": ("", "1.10"),
    "30231": ("", "20.00"),
    "30302": ("15.00", ""),
    "31002": ("", "10.00"),
}
CARRIED_IN, CARRIED_OUT = Decimal("10.00"), Decimal("8.00")


def money(value: Decimal | str) -> str:
    """Print an amount; nothing stays blank."""
    return f"{Decimal(value or 0):,.2f}" if Decimal(value or 0) else ""


def add(amounts: Iterable[str]) -> str:
    return money(sum((Decimal(text or 0) for text in amounts), Decimal(0)))


def spend(subject: str, funds: Sequence[str] = (GENERAL, FUND, CAPITAL, OTHER)) -> tuple[Decimal, ...]:
    """Return personnel, public and project below a subject (``""``: all) from some funds."""
    found = [one.amounts for one in SPENT if one.subject.startswith(subject) and one.fund in funds]
    return (
        tuple(sum(column, Decimal(0)) for column in zip(*found, strict=True)) if found else (Decimal(0),) * 3
    )


def list_subjects(funds: Sequence[str] = (GENERAL, FUND, CAPITAL, OTHER)) -> list[str]:
    return sorted({one.subject[:n] for one in SPENT if one.fund in funds for n in (3, 5, 7)})


def by_subject(
    funds: Sequence[str], *, has_total: bool = True, parts: bool = False
) -> tuple[tuple[str, ...], ...]:
    """Return rows of code, name, total, basic (its parts), project; the total first."""
    rows = []
    for subject in ["", *list_subjects(funds)] if has_total else list_subjects(funds):
        personnel, public, project = spend(subject, funds)
        basic = (money(personnel + public), *((money(personnel), money(public)) if parts else ()))
        head = (subject, NAMES[subject]) if subject else ("合计", "<")
        rows.append((*head, money(personnel + public + project), *basic, money(project)))
    return tuple(rows)


def by_item(*, personnel: bool = True, columns: bool = True) -> tuple[tuple[str, ...], ...]:
    """Return rows of economic code, name, total and its parts; without ``personnel`` the public ones alone."""
    chosen = {code: both for code, both in ITEMS.items() if personnel or both[1]}
    codes = sorted({code[:n] for code in chosen for n in (3, 5)})
    rows = []
    for code in ("", *codes):
        own = [both for item, both in chosen.items() if item.startswith(code)]
        people, running = add(both[0] for both in own), add(both[1] for both in own)
        head = (code, NAMES[code]) if code else ("合计", "<")
        parts = (people, running) if columns else ()
        rows.append((*head, add(text.replace(",", "") for text in (people, running)), *parts))
    return tuple(rows)


def two_sides(
    left: Sequence[tuple[str, ...]], right: Sequence[tuple[str, ...]], lasts: Sequence[tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """Put two lists of rows side by side, the rows that close both below them."""
    widths = len(left[0]), len(right[0])
    rows = [
        (
            *(left[n] if n < len(left) else ("",) * widths[0]),
            *(right[n] if n < len(right) else ("",) * widths[1]),
        )
        for n in range(max(len(left), len(right)))
    ]
    return (*rows, *lasts)


def _total(*funds: str) -> str:
    return money(sum(spend("", funds or (GENERAL, FUND, CAPITAL, OTHER)), Decimal(0)))


def _less(amount: str, *others: Decimal) -> str:
    return money(Decimal(amount.replace(",", "")) - sum(others, Decimal(0)))


EVERY = (GENERAL, FUND, CAPITAL, OTHER)
APPROPRIATED = (GENERAL, FUND, CAPITAL)
# What came in during the year of an account: what was spent, and left, less what was there.
_GENERAL_INCOME = _less(_total(GENERAL), CARRIED_IN - CARRIED_OUT)
_BALANCES = (("年初结转和结余", money(CARRIED_IN), "年末结转和结余", money(CARRIED_OUT)),)


def _classes(funds: Sequence[str], columns: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return a row for each class, with what is spent from each of several groups of funds."""
    return [
        (f"{CLASSES[code]}、{NAMES[code]}", *(money(sum(spend(code, own), Decimal(0))) for own in columns))
        for code in list_subjects(funds)
        if len(code) == len("201")
    ]


def _f01(*, has_nature: bool) -> Printed:
    income = [
        ("一、一般公共预算财政拨款收入", _GENERAL_INCOME),
        ("二、政府性基金预算财政拨款收入", _total(FUND)),
        ("三、国有资本经营预算财政拨款收入", _total(CAPITAL)),
        ("四、上级补助收入", ""),
        ("八、其他收入", _total(OTHER)),
    ]
    current, whole = _less(_total(), CARRIED_IN - CARRIED_OUT), _less(_total(), -CARRIED_OUT)
    lasts = [
        ("本年收入合计", current, "本年支出合计", _total()),
        ("使用非财政拨款结余", "", "结余分配", ""),
        *_BALANCES,
        ("总计", whole, "总计", whole),
    ]
    header: tuple[tuple[str, ...], ...] = (
        ("收入", "<", "支出", "<"),
        ("项目", "决算数", "项目(按功能分类)", "决算数"),
    )
    columns: tuple[str, ...] = ("", "income.amount", "", "expenditure.amount")
    right = _classes(EVERY, [EVERY])
    if has_nature:
        personnel, public, project = spend("")
        items = by_item()
        nature = [
            ("一、基本支出", money(personnel + public)),
            ("人员经费", money(personnel)),
            ("公用经费", money(public)),
            ("二、项目支出", money(project)),
            ("其中：基本建设类项目", "60.00"),
            ("三、上缴上级支出", ""),
            ("四、经营支出", ""),
            ("五、对附属单位补助支出", ""),
            ("经济分类支出合计", _total()),
            ("工资福利支出", next(row[2] for row in items if row[0] == "301")),
            ("商品和服务支出", next(row[2] for row in items if row[0] == "302")),
            ("对个人和家庭的补助", next(row[2] for row in items if row[0] == "303")),
            ("资本性支出", _less(next(row[2] for row in items if row[0] == "310"), -project)),
        ]
        right = [(*(right[n] if n < len(right) else ("", "")), *row) for n, row in enumerate(nature)]
        # The totals are those of both kinds of expenditure: one amount closes the line.
        lasts = [(first, own, label, "", "", amount) for first, own, label, amount in lasts]
        header = (
            (*header[0], "<", "<"),
            (*header[1], "项目（按支出性质和经济分类）", "决算数"),
        )
        columns = (*columns, "", "expenditure.amount|nature.amount")
    return Printed("f01", "收入支出决算总表", header, columns, two_sides(income, right, lasts))


def _f02() -> Printed:
    subjects = ["", *list_subjects()]
    rows = []
    for code in subjects:
        # What was carried over paid for 2010302: less came in for it.
        less = CARRIED_IN - CARRIED_OUT if "2010302".startswith(code) else Decimal(0)
        fiscal = _less(money(sum(spend(code, APPROPRIATED), Decimal(0))) or "0", less)
        own = money(sum(spend(code, (OTHER,)), Decimal(0)))
        head = (code, NAMES[code]) if code else ("合计", "<")
        rows.append(
            (*head, add(text.replace(",", "") for text in (fiscal, own)), fiscal, "", "", "", "", own)
        )
    sources = ("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
    return Printed(
        "f02",
        "收入决算表",
        (("项目", "<", "本年收入合计", "财政拨款收入", *sources), ("功能分类科目编码", "科目名称", *"^" * 7)),
        (
            *("", "", "main.total", "main.fiscal_appropriation", "main.superior_subsidy"),
            *("main.institution_income", "main.operating_income", "main.affiliate_remittance"),
            "main.other_income",
        ),
        tuple(rows),
    )


def _f03() -> Printed:
    kinds = ("基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")
    return Printed(
        "f03",
        "支出决算表",
        (("项目", "<", "本年支出合计", *kinds), ("功能分类科目编码", "科目名称", *"^" * 6)),
        (
            *("", "", "main.total", "main.basic", "main.project"),
            *("main.remitted_to_superior", "main.operating", "main.affiliate_subsidy"),
        ),
        tuple((*row, "", "", "") for row in by_subject(EVERY)),
    )


def _f04() -> Printed:
    income = [
        ("一、一般公共预算财政拨款", _GENERAL_INCOME),
        ("二、政府性基金预算财政拨款", _total(FUND)),
        ("三、国有资本经营预算财政拨款", _total(CAPITAL)),
    ]
    funds = [APPROPRIATED, (GENERAL,), (FUND,), (CAPITAL,)]
    spent = tuple(_total(*own) for own in funds)
    out, blank = money(CARRIED_OUT), ("", "")
    lasts = [
        ("本年收入合计", _less(_total(*APPROPRIATED), CARRIED_IN - CARRIED_OUT), "本年支出合计", *spent),
        ("年初财政拨款结转和结余", money(CARRIED_IN), "年末财政拨款结转和结余", out, out, *blank),
        ("一般公共预算财政拨款", money(CARRIED_IN), "", "", "", *blank),
        ("总计", _less(spent[0], -CARRIED_OUT), "总计", _less(spent[0], -CARRIED_OUT)),
    ]
    lasts[-1] = (*lasts[-1], _less(spent[1], -CARRIED_OUT), *spent[2:])
    return Printed(
        "f04",
        "财政拨款收入支出决算总表",
        (
            ("收入", "<", "支出", *"<<<<"),
            (
                *("项目", "决算数", "项目(按功能分类)", "合计", "一般公共预算财政拨款"),
                *("政府性基金预算财政拨款", "国有资本经营预算财政拨款"),
            ),
        ),
        ("", "income.amount", "", *(f"expenditure.{c}" for c in ("total", GENERAL, FUND, CAPITAL))),
        two_sides(income, _classes(APPROPRIATED, funds), lasts),
    )


def _by_function(code: str, title: str, funds: Sequence[str], group: str = "本年支出") -> Printed:
    return Printed(
        code,
        title,
        (("项目", "<", group, "<", "<"), ("功能分类科目编码", "科目名称", "合计", "基本支出", "项目支出")),
        ("", "", f"main.{'expenditure' if code == 'f07' else 'total'}", "main.basic", "main.project"),
        by_subject(funds),
    )


def _by_item(code: str, title: str, group: str) -> Printed:
    return Printed(
        code,
        title,
        (("项目", "<", group, "<", "<"), ("经济分类科目编码", "科目名称", "合计", "人员经费", "公用经费")),
        ("", "", "main.total", "main.personnel", "main.public"),
        by_item(),
    )


def _f06_side_by_side() -> Printed:
    """Return the national set's table: personnel and public in blocks, what is left of one blank."""
    people = [(row[0], row[1], row[3]) for row in by_item()[1:] if row[3]]
    running = [(row[0], row[1], row[4]) for row in by_item()[1:] if row[4]]
    first, second = running[:3], running[3:]
    public = [
        (*(first[n] if n < len(first) else ("",) * 3), *(second[n] if n < len(second) else ("",) * 3))
        for n in range(len(people))
    ]
    personnel_total, public_total = by_item()[0][3:]
    lasts = [("人员经费合计", "<", personnel_total, "公用经费合计", *"<<<<", public_total)]
    return Printed(
        "f06",
        "一般公共预算财政拨款基本支出决算表",
        (("人员经费", "<", "<", "公用经费", *"<<<<<"), ("科目编码", "科目名称", "决算数") * 3),
        ("", "", "personnel.amount", "", "", "public.amount", "", "", "public.amount"),
        two_sides(people, public, lasts),
    )


def _f07_with_balances() -> Printed:
    rows = [
        (code, name, "", total, total, basic, project, "")
        for code, name, total, basic, project in by_subject((FUND,))
    ]
    return Printed(
        "f07",
        "政府性基金预算财政拨款收入支出决算表",
        (
            ("项目", "<", "年初结转和结余", "本年收入", "本年支出", "<", "<", "年末结转和结余"),
            ("功能分类科目编码", "科目名称", "^", "^", "小计", "基本支出", "项目支出", "^"),
        ),
        ("", "", *(f"main.{c}" for c in ("opening", "income", "expenditure", "basic", "project", "closing"))),
        tuple(rows),
    )


_ITEMS = ("合计", "因公出国（境）费", "公务用车购置及运行维护费", "<", "<", "公务接待费")
_ITEM_WORDS = ("^", "^", "小计", "公务用车购置费", "公务用车运行维护费", "^")
_ITEM_COLUMNS = ("total", "travel_abroad", "vehicles", "vehicle_purchase", "vehicle_running", "hospitality")
_ADJUSTED = ("25.00", "", "22.00", "", "22.00", "3.00")
_EXECUTED = ("21.10", "", "20.00", "", "20.00", "1.10")


def _f09() -> Printed:
    return Printed(
        "f09",
        "一般公共预算财政拨款“三公”经费支出决算表",
        (("预算数", *"<<<<<", "决算数", *"<<<<<"), (*_ITEMS, *_ITEMS), (*_ITEM_WORDS, *_ITEM_WORDS)),
        tuple(f"main.{phase}_{c}" for phase in ("budget", "final") for c in _ITEM_COLUMNS),
        ((*_ADJUSTED, *_EXECUTED),),
    )


def _f09_with_meetings() -> Printed:
    top = ("“三公”经费", *"<<<<<", "会议费", "培训费")
    return Printed(
        "f09",
        "财政拨款“三公”经费、会议费和培训费支出决算表",
        (
            ("预算数", *"<<<<<<<<", "决算数", *"<<<<<<<<"),
            ("合计", *top, "合计", *top),
            *(("^", *words, "^", "^") * 2 for words in (("小计", *_ITEMS[1:]), _ITEM_WORDS)),
        ),
        tuple(
            f"main.{phase}_{c}"
            for phase in ("budget", "final")
            for c in ("with_meetings", *_ITEM_COLUMNS, "meetings", "training")
        ),
        (("30.00", *_ADJUSTED, "2.00", "3.00", "24.85", *_EXECUTED, "1.50", "2.25"),),
    )


def _f17() -> Printed:
    return Printed(
        "f17",
        "相关统计数：",
        (("项目", "统计数", "项目", "统计数"),),
        ("", "main.amount", "", "main.amount"),
        (
            ("因公出国（境）团组数(个)", "", "因公出国（境）人次数(人)", ""),
            ("公务用车购置数(辆)", "", "公务用车保有量(辆)", "8"),
            ("国内公务接待批次(个)", "12", "国内公务接待人次(人)", "96"),
            ("召开会议次数(个)", "5", "参加会议人次(人)", "230"),
            ("组织培训次数(个)", "3", "参加培训人次(人)", "120"),
        ),
        above=(),
    )


def _operating_cost(code: str, title: str, word: str) -> Printed:
    return Printed(
        code,
        title,
        (("科目编码", "科目名称", word),),
        ("", "", "main.total"),
        by_item(personnel=False, columns=False),
    )


def _f16() -> Printed:
    return Printed(
        "f16",
        "政府采购支出决算表",
        (("项目", "金额"),),
        ("", "main.total"),
        (
            ("一、政府采购支出合计", "88.80"),
            ("（一）政府采购货物支出", "10.00"),
            ("（二）政府采购工程支出", "60.00"),
            ("（三）政府采购服务支出", "18.80"),
            ("二、政府采购授予中小企业合同金额", "50.00"),
            ("其中：授予小微企业合同金额", "20.00"),
        ),
    )


FINAL_COVER, BUDGET_COVER = (f"{UNIT}2023年度部门决算",), (f"{UNIT}2024年度部门预算",)
NATIONAL_FINAL = (
    _f01(has_nature=False),
    _f02(),
    _f03(),
    _f04(),
    _by_function("f05", "一般公共预算财政拨款支出决算表", (GENERAL,)),
    _f06_side_by_side(),
    _f07_with_balances(),
    _by_function("f08", "国有资本经营预算财政拨款支出决算表", (CAPITAL,)),
    _f09(),
)
JIANGSU_FINAL = (
    _f01(has_nature=True),
    _f02(),
    _f03(),
    _f04(),
    _by_function("f11", "财政拨款支出决算表（功能科目）", APPROPRIATED),
    _by_item("f12", "财政拨款基本支出决算表（经济科目）", "本年财政拨款基本支出"),
    _by_function("f05", "一般公共预算支出决算表（功能科目）", (GENERAL,)),
    _by_item("f06", "一般公共预算基本支出决算表（经济科目）", "本年一般公共预算基本支出"),
    _f09_with_meetings(),
    _f17(),
    _by_function("f07", "政府性基金预算支出决算表", (FUND,)),
    _by_function("f08", "国有资本经营预算支出决算表", (CAPITAL,)),
    _operating_cost("f15", "财政拨款机关运行经费支出决算表", "机关运行经费支出"),
    _f16(),
)


def _b01() -> Printed:
    income = [
        ("一、一般公共预算拨款收入", _less(_total(GENERAL), CARRIED_IN)),
        ("二、政府性基金预算拨款收入", _total(FUND)),
        ("三、国有资本经营预算拨款收入", _total(CAPITAL)),
        ("四、财政专户管理资金收入", ""),
        ("五、事业收入", ""),
        ("九、其他收入", _total(OTHER)),
    ]
    lasts = [
        ("本年收入合计", _less(_total(), CARRIED_IN), "本年支出合计", _total()),
        ("上年结转结余", money(CARRIED_IN), "年终结转结余", ""),
        ("收入总计", _total(), "支出总计", _total()),
    ]
    return Printed(
        "b01",
        "收支总表",
        (("收入", "<", "支出", "<"), ("项目", "预算数", "项目", "预算数")),
        ("", "income.amount", "", "expenditure.total"),
        two_sides(income, _classes(EVERY, [EVERY]), lasts),
    )


def _b21() -> Printed:
    """Return income by unit: all but a little of it is that of the department's own unit."""
    funds = ("一般公共预算", "政府性基金预算", "国有资本经营预算")
    others = ("财政专户管理资金", "事业收入", "其他收入")
    carried = ("小计", "一般公共预算")
    small = [Decimal(text) for text in ("40.00", "0", "0", "0", "0", "2.05", "0")]
    whole = [
        Decimal(text.replace(",", "") or 0)
        for text in (_less(_total(GENERAL), CARRIED_IN), _total(FUND), _total(CAPITAL), "", "", _total(OTHER))
    ] + [CARRIED_IN]
    rows = []
    for code, name, values in (
        ("", "合计", whole),
        ("301", UNIT, whole),
        ("301001", f"{UNIT}（本级）", [a - b for a, b in zip(whole, small, strict=True)]),
        ("301002", "虚构省虚构市虚构中心", small),
    ):
        year, last = sum(values[:-1], Decimal(0)), values[-1]
        rows.append(
            (code, name, money(year + last), money(year), *map(money, values[:-1]), money(last), money(last))
        )
    return Printed(
        "b21",
        "收入总表",
        (
            ("部门代码", "部门名称", "合计", "本年收入", *"<<<<<<", "上年结转结余", "<"),
            (*"^^^", "小计", *funds, *others, *carried),
        ),
        (
            *("", "", "main.grand_total", "main.total", *(f"main.{fund}" for fund in APPROPRIATED)),
            *("main.fiscal_special_account", "main.institution_income", "main.other_income"),
            *("main.carryover", "main.carryover_general_public_budget"),
        ),
        tuple(rows),
    )


def _b03() -> Printed:
    kinds = ("合计", "基本支出", "项目支出", "上缴上级支出", "事业单位经营支出", "对附属单位补助支出")
    return Printed(
        "b03",
        "支出总表",
        (("科目编码", "科目名称", *kinds),),
        (
            *("", "", "main.total", "main.basic", "main.project"),
            *("main.remitted_to_superior", "main.operating", "main.affiliate_subsidy"),
        ),
        tuple((*row, "", "", "") for row in by_subject(EVERY)),
    )


def _b04() -> Printed:
    current = _less(_total(*APPROPRIATED), CARRIED_IN)
    income = [
        ("一、本年收入", current),
        ("（一）一般公共预算拨款", _less(_total(GENERAL), CARRIED_IN)),
        ("（二）政府性基金预算拨款", _total(FUND)),
        ("（三）国有资本经营预算拨款", _total(CAPITAL)),
        ("二、上年结转", money(CARRIED_IN)),
        ("（一）一般公共预算拨款", money(CARRIED_IN)),
        ("（二）政府性基金预算拨款", ""),
        ("（三）国有资本经营预算拨款", ""),
    ]
    right = [
        ("一、本年支出", _total(*APPROPRIATED)),
        *(
            (f"（{label.replace('、', '）')}", amount)
            for label, amount in _classes(APPROPRIATED, [APPROPRIATED])
        ),
        ("二、年终结转结余", ""),
    ]
    whole = _total(*APPROPRIATED)
    return Printed(
        "b04",
        "财政拨款收支总表",
        (("收入", "<", "支出", "<"), ("项目", "预算数", "项目", "预算数")),
        ("", "income.amount", "", "expenditure.total"),
        two_sides(income, right, [("收入总计", whole, "支出总计", whole)]),
    )


def _subjects_of_budget(code: str, title: str, funds: Sequence[str]) -> Printed:
    return Printed(
        code,
        title,
        (
            ("科目编码", "科目名称", "合计", "基本支出", "<", "<", "项目支出"),
            ("^", "^", "^", "小计", "人员经费", "公用经费", "^"),
        ),
        (
            "",
            "",
            *(
                f"{'expenditure' if code == 'b09' else 'main'}.{c}"
                for c in ("total", "basic", "personnel", "public", "project")
            ),
        ),
        by_subject(funds, parts=True),
    )


def _items_of_budget(code: str, title: str, group: str) -> Printed:
    return Printed(
        code,
        title,
        (
            ("部门预算支出经济分类科目", "<", group, "<", "<"),
            ("科目编码", "科目名称", "合计", "人员经费", "公用经费"),
        ),
        ("", "", "main.total", "main.personnel", "main.public"),
        by_item(),
    )


def _b14() -> Printed:
    top = ("“三公”经费", *"<<<<<", "会议费", "培训费")
    words = (("^", "小计", *_ITEMS[1:], "^", "^"), ("^", *_ITEM_WORDS, "^", "^"))
    return Printed(
        "b14",
        "一般公共预算“三公”经费、会议费、培训费支出预算表",
        (("合计", *top), *words),
        tuple(f"main.{c}" for c in ("total", "three_public", *_ITEM_COLUMNS[1:], "meetings", "training")),
        (("30.00", *_ADJUSTED, "2.00", "3.00"),),
    )


def _b20() -> Printed:
    return Printed(
        "b20",
        "政府采购支出表",
        (
            (
                "采购品目大类",
                "专项名称",
                "经济科目",
                "采购品目名称",
                "采购组织形式",
                "资金来源",
                "<",
                "<",
                "总计",
            ),
            (*"^^^^^", "一般公共预算资金", "政府性基金", "其他资金", "^"),
        ),
        (
            *("",) * 5,
            *(
                f"main.{c}"
                for c in ("general_public_budget", "government_fund_budget", "unit_funds", "total")
            ),
        ),
        (
            ("合计", "", "", "", "", "78.80", "8.00", "2.00", "88.80"),
            ("货物", "", "", "", "", "10.00", "", "", "10.00"),
            ("", "办公设备购置", "办公设备购置", "", "", "10.00", "", "", "10.00"),
            ("", "", "", "台式计算机", "政府集中采购", "6.00", "", "", "6.00"),
            ("", "", "", "复印机", "政府集中采购", "4.00", "", "", "4.00"),
            ("服务", "", "", "", "", "68.80", "8.00", "2.00", "78.80"),
            ("", "业务委托", "委托业务费", "", "", "68.80", "8.00", "2.00", "78.80"),
            ("", "", "", "其他服务", "分散采购", "68.80", "8.00", "2.00", "78.80"),
        ),
    )


def _b22() -> Printed:
    return Printed(
        "b22",
        "项目支出表",
        (
            ("项目类别", "项目名称", "单位名称", "合计", "本年财政拨款", "<", "<", "单位资金"),
            ("^", "^", "^", "^", "一般公共预算", "政府性基金预算", "国有资本经营预算", "^"),
        ),
        ("", "", "", *(f"main.{c}" for c in ("total", GENERAL, FUND, CAPITAL, "unit_funds"))),
        (
            ("", "合计", "", "202.95", "110.40", "75.30", "5.20", "12.05"),
            ("特定目标类", "虚构业务经费", f"{UNIT}（本级）", "80.40", "80.40", "", "", ""),
            ("特定目标类", "虚构土地整治", f"{UNIT}（本级）", "75.30", "", "75.30", "", ""),
            ("其他运转类", "虚构中心运转", "虚构省虚构市虚构中心", "42.05", "30.00", "", "", "12.05"),
            ("特定目标类", "退休人员社会化管理", f"{UNIT}（本级）", "5.20", "", "", "5.20", ""),
        ),
    )


JIANGSU_BUDGET = (
    _b01(),
    _b21(),
    _b03(),
    _b04(),
    _subjects_of_budget("b17", "财政拨款支出表（功能科目）", APPROPRIATED),
    _items_of_budget("b18", "财政拨款基本支出表（经济科目）", "本年财政拨款基本支出"),
    _subjects_of_budget("b05", "一般公共预算支出表（功能科目）", (GENERAL,)),
    _items_of_budget("b06", "一般公共预算基本支出表（经济科目）", "本年一般公共预算基本支出"),
    _b14(),
    _subjects_of_budget("b08", "政府性基金预算支出表", (FUND,)),
    _subjects_of_budget("b09", "国有资本经营预算支出表", (CAPITAL,)),
    _operating_cost("b19", "一般公共预算机关运行经费支出预算表", "机关运行经费支出"),
    _b20(),
    _b22(),
)
