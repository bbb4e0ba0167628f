"""Amounts of money in the unit that reads best; exact until they are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class MoneyUnit:
    """A unit amounts are shown in: how many yuan it is, and the fewest decimals it is shown with."""

    name: str
    yuan: Decimal
    places: int


YUAN = MoneyUnit("yuan", Decimal(1), 2)
TEN_THOUSAND = MoneyUnit("ten_thousand", Decimal(10_000), 2)
HUNDRED_MILLION = MoneyUnit("hundred_million", Decimal(100_000_000), 4)
UNITS = {unit.name: unit for unit in (YUAN, TEN_THOUSAND, HUNDRED_MILLION)}

# From here on the larger unit reads better.
LEAST_TEN_THOUSAND = Decimal(10_000)
LEAST_HUNDRED_MILLION = Decimal(1_000_000_000)


def choose_unit(amounts: Iterable[Decimal | None]) -> MoneyUnit:
    """Return the unit in which the largest of the amounts reads best."""
    largest = max((abs(amount) for amount in amounts if amount is not None), default=Decimal(0))
    if largest >= LEAST_HUNDRED_MILLION:
        return HUNDRED_MILLION
    return TEN_THOUSAND if largest >= LEAST_TEN_THOUSAND or largest == 0 else YUAN


def convert(amount: Decimal, unit: MoneyUnit) -> Decimal:
    """Return an amount in yuan in another unit, exactly."""
    return amount / unit.yuan


def format_amount(amount: Decimal | None, unit: MoneyUnit) -> str:
    """Return an amount with thousands separators: to the fen in 元 and 万元, rounded in 亿元; blank if none."""
    if amount is None:
        return ""
    value = convert(amount, unit)
    if unit is HUNDRED_MILLION:
        return _tidy(value.quantize(Decimal(1).scaleb(-unit.places), ROUND_HALF_UP))
    digits = -int(value.normalize().as_tuple().exponent)
    return _tidy(value.quantize(Decimal(1).scaleb(-max(unit.places, digits))))


def _tidy(value: Decimal) -> str:
    return f"{value:,f}".replace("-", "−")


def divide(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return a share, or None where there is none to speak of."""
    if part is None or whole is None or whole == 0:
        return None
    return part / whole


def format_share(share: Decimal | float | None) -> str:
    """Return a ratio as a percentage with two decimals; blank if none."""
    if share is None:
        return ""
    return _tidy((Decimal(str(share)) * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)) + "%"
