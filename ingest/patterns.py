"""Regular expressions of the templates, joined so that a text is asked once for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

_ESCAPED_OR_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
# A character that means itself, and is owed: 表$.
_PLAIN_END = re.compile(r"(?<!\\)[^\W\d_a-zA-Z]\$$")
_GROUP = re.compile(r"\([^()]*\)")


def check_pattern(pattern: str) -> str:
    """Return a pattern as it is; raise ValueError for one that does not compile."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"no valid regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, Field(min_length=1), AfterValidator(check_pattern)]


def join_patterns(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern for several; for none of them one that matches nothing."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


def _has_alternatives(pattern: str) -> bool:
    """Tell whether a pattern is several, with a bar between them that no group holds."""
    bare, shorter = "", _ESCAPED_OR_CLASS.sub("", pattern)
    while bare != shorter:
        bare, shorter = shorter, _GROUP.sub("", shorter)
    return "|" in bare


def find_last_characters(patterns: Iterable[str]) -> frozenset[str] | None:
    """Return the characters that what the patterns match ends with; None where one leaves that open."""
    ends: set[str] = set()
    for pattern in patterns:
        if not _PLAIN_END.search(pattern) or _has_alternatives(pattern):
            return None
        ends.add(pattern[-2])
    return frozenset(ends)


class Cues:
    """Patterns of which any may be found in a text.

    A search for ``^…`` tries every place of a text although only the first can do: such patterns are
    matched there alone.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        known = list(patterns)
        first = [pattern for pattern in known if pattern.startswith("^") and not _has_alternatives(pattern)]
        others = [pattern for pattern in known if pattern not in first]
        self._at_start = join_patterns(pattern.removeprefix("^") for pattern in first) if first else None
        self._anywhere = join_patterns(others) if others else None

    def are_in(self, text: str, start: int = 0) -> bool:
        """Tell whether one of the patterns is found in a text, or in what of it begins at ``start``."""
        if self._at_start is not None and self._at_start.match(text, start):
            return True
        if self._anywhere is None:
            return False
        return self._anywhere.search(text[start:] if start else text) is not None
