"""Numbers as a spreadsheet shows them: a stored value and its number format to the printed text.

The value is a decimal throughout: 128.96 must not become 128.96000000000001 on the way. Formats are
those of ECMA-376, part 1, 18.8.31. What a cell cannot say without colour or brackets, a minus, is
printed as a minus; a fraction below one gets its zero: .50 is printed 0.50.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from functools import lru_cache

# Formats that files name by number only (ECMA-376, 18.8.30); those of dates by their usual Chinese form.
BUILT_IN: dict[int, str] = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: "#,##0;-#,##0",
    6: "#,##0;-#,##0",
    7: "#,##0.00;-#,##0.00",
    8: "#,##0.00;-#,##0.00",
    9: "0%",
    10: "0.00%",
    14: "yyyy-mm-dd",
    15: "yyyy-mm-dd",
    16: "mm-dd",
    17: "yyyy-mm",
    22: "yyyy-mm-dd",
    **dict.fromkeys((27, 31, 36, 50, 54, 57, 58), 'yyyy"年"m"月"d"日"'),
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    49: "@",
}

# Spreadsheets know a number to 15 digits; what a file stores beyond is noise.
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_LARGEST = Decimal("1e21")
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>General)'
    r"|(?P<exponent>[Ee][+-])|(?P<digit>[0#?])|(?P<date>[yYmMdDhHsS]+)|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}


@dataclass(frozen=True)
class _Section:
    """One section of a format: what it prints before, in and after the digits."""

    before: str = ""
    after: str = ""
    whole: str = ""
    fraction: str = ""
    is_grouped: bool = False
    scale: int = 0
    is_general: bool = False
    is_beyond: bool = False  # Fractions, exponents, conditions: shown as the plain number.
    dates: tuple[str, ...] = ()

    @property
    def has_digits(self) -> bool:
        return bool(self.whole or self.fraction)


def _read_section(code: str) -> _Section:
    before, after, whole, fraction = "", "", "", ""
    is_grouped = is_general = is_beyond = in_fraction = False
    commas = percents = 0
    dates: list[str] = []
    for match in _TOKEN.finditer(code):
        literal = match["quoted"] or match["escaped"] or ""
        started = bool(whole or fraction)
        if match["digit"]:
            is_beyond = is_beyond or bool(after)  # A literal among digits.
            is_grouped, commas = is_grouped or commas > 0, 0
            if in_fraction:
                fraction += match["digit"]
            else:
                whole += match["digit"]
        elif match["general"]:
            is_general = True
        elif match["exponent"] or (match["plain"] == "/" and started):
            is_beyond = True
        elif match["date"]:
            dates.append(match["date"].lower())
        elif match["bracket"] is not None:
            is_beyond = is_beyond or match["bracket"][:1] in ("<", ">", "=")
            literal = match["bracket"][1:].split("-")[0] if match["bracket"].startswith("$") else ""
        elif match["plain"] == "." and not in_fraction and not dates:
            in_fraction = True
        elif match["plain"] == "," and started:
            commas += 1
        elif match["plain"] == "%":
            percents += 1
            literal = "%"
        elif match["plain"] and match["plain"] != "@":
            literal = match["plain"]
        if literal and dates:
            dates.append(f'"{literal}')
        elif started or is_general:
            after += literal
        else:
            before += literal
    scale = 2 * percents - 3 * commas
    return _Section(before, after, whole, fraction, is_grouped, scale, is_general, is_beyond, tuple(dates))


@lru_cache(maxsize=4096)
def _read_format(code: str) -> tuple[_Section, ...]:
    sections, start, is_quoted, skip = [], 0, False, False
    for place, char in enumerate(code):
        if skip:
            skip = False
        elif char == '"':
            is_quoted = not is_quoted
        elif char in "\\_*" and not is_quoted:
            skip = True
        elif char == ";" and not is_quoted:
            sections.append(code[start:place])
            start = place + 1
    return tuple(_read_section(section) for section in [*sections, code[start:]])


def read_number(stored: str) -> Decimal | None:
    """Return a stored number without the noise of binary fractions; None if it is no number."""
    try:
        value = _FIFTEEN.create_decimal(stored)
    except DecimalException:
        return None
    return value if value.is_finite() and abs(value) < _LARGEST else None


def print_plain(value: Decimal) -> str:
    """Return a number with the digits it has: the format General."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def print_number(value: Decimal, code: str, *, starts_1904: bool = False) -> str:
    """Return what a cell shows; blank where the format shows nothing."""
    sections = _read_format(code)
    place = 0
    if value < 0 and len(sections) > 1:
        place = 1
    elif value == 0 and len(sections) > 2:
        place = 2
    section = sections[place]
    if section.dates and not section.has_digits:
        return _print_date(value, section, starts_1904)
    if section.is_beyond or any(other.is_beyond for other in sections):
        return print_plain(value)
    before, after = section.before, section.after
    if section.is_general:
        digits = print_plain(abs(value))
    elif not section.has_digits:
        # "@" on a number shows it plain; a section without any digit shows its words, or nothing.
        return print_plain(value) if code.strip() in ("@", "") else (before + after).strip()
    else:
        digits = _print_digits(abs(value), section)
    is_negative = value < 0 and any(digit in "123456789" for digit in digits)
    if is_negative:
        before, after = before.replace("-", "").replace("(", ""), after.replace(")", "").replace("-", "")
        digits = f"-{digits}" if digits else ""
    return (before + digits + after).strip()


def _print_digits(value: Decimal, section: _Section) -> str:
    value = value.scaleb(section.scale)
    value = value.quantize(Decimal(1).scaleb(-len(section.fraction)), ROUND_HALF_UP)
    whole, _, fraction = f"{value:f}".partition(".")
    needed = len(section.fraction.rstrip("#?"))
    while len(fraction) > needed and fraction.endswith("0"):
        fraction = fraction[:-1]
    zeros = len(section.whole.lstrip("#?"))
    if whole == "0" and not zeros and not fraction:
        return ""
    whole = whole.zfill(zeros)
    if section.is_grouped:
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", whole)
    return f"{whole}.{fraction}" if fraction else whole


def _print_date(value: Decimal, section: _Section, starts_1904: bool) -> str:
    try:
        moment = _EPOCHS[starts_1904] + timedelta(days=float(value))
    except OverflowError:
        return print_plain(value)
    if any(token[:1] in "hs" for token in section.dates):
        return moment.isoformat(" ", "minutes")
    words = {"y": f"{moment.year}", "m": f"{moment.month}", "d": f"{moment.day}"}
    text = ""
    for token in section.dates:
        if token.startswith('"'):
            text += token[1:]
        else:
            text += words[token[0]].zfill(min(len(token), 2))
    return section.before + text + section.after
