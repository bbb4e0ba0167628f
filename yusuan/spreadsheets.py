"""What every file for a spreadsheet has in common: encoding, line ends, and text that stays text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, TextIO


class Headers(StrEnum):
    """What stands in the first line of a CSV: the columns' names, or their Chinese terms."""

    NAMES = "names"
    CHINESE = "chinese"


# Excel takes a CSV without a mark for the system's own encoding, and Chinese becomes garbage.
BYTE_ORDER_MARK = "\ufeff"

# What Excel and LibreOffice may take for a formula, the full-width signs of Chinese input among them
# (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PLAIN_NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(\.[0-9]+)?%?")


def defuse(value: Any) -> Any:
    """Keep a spreadsheet from taking a document's text for a formula; a negative number stays one."""
    if not isinstance(value, str) or not value.startswith(FORMULA_STARTS) or PLAIN_NUMBER.fullmatch(value):
        return value
    return f"'{value}"


def write_csv(
    file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, is_marked: bool = True
) -> int:
    """Write rows as RFC 4180 has it (commas, CRLF) and return how many; open ``file`` with newline="".

    ``is_marked``: with the byte order mark that Excel needs. Decimals are written as they are, an empty
    value as nothing, truth as true and false.
    """
    if is_marked:
        file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([defuse(column) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([_say(value) for value in row])
        count += 1
    return count


def _say(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return defuse(value)
