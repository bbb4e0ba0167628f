"""Charts: bars with their names above and their amounts at the end, legible on a telephone too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.amounts import MoneyUnit, convert, format_amount
from dashboards.contexts import say, say_unit
from yusuan.dashboards import FONT

# Okabe and Ito's colours, which colour-blind people tell apart; in pairs that differ in lightness too.
BLUE, SKY, ORANGE, GREEN = "#0072B2", "#56B4E9", "#E69F00", "#009E73"
VERMILLION, PURPLE, YELLOW, GREY = "#D55E00", "#CC79A7", "#F0E442", "#8A8A8A"
SERIES_COLOURS = {
    "basic": BLUE,
    "project": ORANGE,
    "operating": GREEN,
    "remitted_to_superior": PURPLE,
    "affiliate_subsidy": SKY,
    "personnel": GREEN,
    "public": PURPLE,
    "current": BLUE,
    "carryover": ORANGE,
    "all": GREY,
    "approved": SKY,
    "adjusted": SKY,
    "executed": BLUE,
    "first": BLUE,
    "second": ORANGE,
    "travel_abroad": PURPLE,
    "vehicle_purchase": ORANGE,
    "vehicle_running": BLUE,
    "hospitality": GREEN,
    "exact": GREEN,
    "rounding": SKY,
    "broken": VERMILLION,
    "not_assessable": "#BBBBBB",
}
ROW_HEIGHT = 46
TEXT, MUTED, LINES = "#262730", "#5c5f6a", "#e6e6ea"


@dataclass(frozen=True)
class Bar:
    """A stretch of a bar: the row it stands in (by key), its series, its amount in yuan."""

    key: str
    label: str
    series: str
    amount: Decimal


def show_money_bars(
    bars: Sequence[Bar],
    unit: MoneyUnit,
    series: Mapping[str, str],
    *,
    alt_text: str,
    is_stacked: bool = True,
    printed_totals: Mapping[str, Decimal] | None = None,
) -> None:
    """Draw bars of money, stacked by series or side by side.

    ``series`` names those that may occur, in order. A stacked bar ends with the sum of its parts, or with
    the total that is printed for its key: the two may differ by rounding.
    """
    frame = pd.DataFrame(
        {
            "key": [bar.key for bar in bars],
            "label": [bar.label for bar in bars],
            "series": [series[bar.series] for bar in bars],
            "value": [float(convert(bar.amount, unit)) for bar in bars],
            "text": [f"{format_amount(bar.amount, unit)}" for bar in bars],
        }
    )
    totals = _add_up(bars, unit, printed_totals or {}) if is_stacked else frame
    chart = _layer(
        frame, totals, _count_series(bars, series), is_stacked=is_stacked, axis_title=say_unit(unit)
    )
    st.altair_chart(chart, width="stretch", theme=None, alt=alt_text)


def show_count_bars(
    counts: Sequence[tuple[str, str, str, int]], series: Mapping[str, str], *, axis_title: str, alt_text: str
) -> None:
    """Draw counted things: (key, label, series, count)."""
    frame = pd.DataFrame(
        {
            "key": [key for key, _, _, _ in counts],
            "label": [label for _, label, _, _ in counts],
            "series": [series[name] for _, _, name, _ in counts],
            "value": [float(count) for _, _, _, count in counts],
            "text": [f"{count:,}" for _, _, _, count in counts],
        }
    )
    totals = frame.groupby(["key", "label"], sort=False, as_index=False)["value"].sum()
    totals["text"] = [f"{value:,.0f}" for value in totals["value"]]
    used = {name: series[name] for name in series if any(count[2] == name for count in counts)}
    chart = _layer(frame, totals, used, is_stacked=True, axis_title=axis_title)
    st.altair_chart(chart, width="stretch", theme=None, alt=alt_text)


def _count_series(bars: Sequence[Bar], series: Mapping[str, str]) -> dict[str, str]:
    used = {bar.series for bar in bars}
    return {name: words for name, words in series.items() if name in used}


def _add_up(bars: Sequence[Bar], unit: MoneyUnit, printed_totals: Mapping[str, Decimal]) -> pd.DataFrame:
    sums: dict[str, Decimal] = {}
    labels: dict[str, str] = {}
    for bar in bars:
        sums[bar.key] = sums.get(bar.key, Decimal(0)) + bar.amount
        labels[bar.key] = bar.label
    return pd.DataFrame(
        {
            "key": list(sums),
            "label": [labels[key] for key in sums],
            "value": [float(convert(amount, unit)) for amount in sums.values()],
            "text": [format_amount(printed_totals.get(key, amount), unit) for key, amount in sums.items()],
        }
    )


def _layer(
    frame: pd.DataFrame, totals: pd.DataFrame, series: Mapping[str, str], *, is_stacked: bool, axis_title: str
) -> alt.LayerChart:
    order = list(dict.fromkeys(frame["key"]))
    lanes = 1 if is_stacked else max(1, len(series))
    row_height = ROW_HEIGHT + 20 * (lanes - 1)
    largest, least = float(totals["value"].max()), min(0.0, float(totals["value"].min()))
    rows = alt.Y("key:N", sort=order, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    # Room at the end for the amount, which stands outside its bar.
    room = (largest - least or 1.0) * 0.28
    across = alt.X(
        "value:Q",
        stack="zero" if is_stacked else None,
        title=axis_title,
        scale=alt.Scale(domain=[least, largest + room], nice=False),
        axis=alt.Axis(tickCount=5, format=",~f", grid=True),
    )
    names = list(series.values())
    colours = [SERIES_COLOURS.get(name, GREY) for name in series]
    paint = alt.Color(
        "series:N",
        scale=alt.Scale(domain=names, range=colours),
        legend=alt.Legend(orient="top", title=None, columns=1 if max(map(len, names)) > 16 else 0)
        if len(names) > 1
        else None,
    )
    lane: dict[str, Any] = {} if is_stacked else {"yOffset": _offset(names)}
    drawn = (
        alt.Chart(frame)
        .mark_bar(size=16, opacity=1)
        .encode(
            y=rows,
            x=across,
            color=paint,
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("label:N", title=say("chart.row")),
                alt.Tooltip("series:N", title=say("chart.series")),
                alt.Tooltip("text:N", title=axis_title),
            ],
            **lane,
        )
        .transform_calculate(rank=f"indexof({names!r}, datum.series)")
    )
    ends = (
        alt.Chart(totals)
        .mark_text(align="left", baseline="middle", dx=5, color=TEXT, fontSize=12)
        .encode(y=rows, x=alt.X("value:Q"), text="text:N", **lane)
    )
    labels = (
        alt.Chart(totals.drop_duplicates("key"))
        .mark_text(
            align="left",
            baseline="bottom",
            dy=-(11 + 10 * (lanes - 1)),
            color=TEXT,
            fontSize=13,
            # A longer name would take the width from the bars; the table below has it in full.
            limit=alt.ExprRef("width"),
        )
        .encode(y=rows, x=alt.value(1), text="label:N")
    )
    chart: alt.LayerChart = (
        alt.layer(drawn, ends, labels)
        .properties(
            height=row_height * len(order),
            # The height is that of the rows; legend and axis come on top of it.
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
            usermeta={"embedOptions": {"actions": False}},
        )
        .configure(
            font=FONT, background="transparent", padding={"left": 4, "right": 8, "top": 4, "bottom": 4}
        )
        .configure_view(strokeWidth=0)
        .configure_axis(
            labelColor=MUTED,
            titleColor=MUTED,
            gridColor=LINES,
            domain=False,
            tickColor=LINES,
            titleFontWeight="normal",
        )
        .configure_legend(labelColor=TEXT, labelFontSize=13, symbolType="square", labelLimit=330)
    )
    return chart


def _offset(names: Sequence[str]) -> alt.YOffset:
    return alt.YOffset("series:N", sort=list(names), scale=alt.Scale(paddingInner=0.1, paddingOuter=0.6))
