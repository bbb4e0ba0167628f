"""Templates of pages: each page stands alone, styles and scripts inside it, nothing fetched from anywhere."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

FOLDER = Path(__file__).parent


def make_environment() -> Environment:
    """Return the templates' environment: what is printed is escaped, what is missing is an error."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["both"] = show_both
    environment.globals["say_or_print"] = say_or_print
    environment.globals["inline"] = read_file
    environment.filters["breakable"] = make_breakable
    return environment


def show_both(words: tuple[str, str]) -> Markup:
    """Return a text in both languages, of which the page shows the chosen one."""
    chinese, english = words
    return Markup('<span class="zh">{}</span><span class="en" lang="en">{}</span>').format(
        escape(chinese), escape(english)
    )


def say_or_print(text: str | tuple[str, str]) -> Markup:
    """Return what is printed as it is, and our own words in both languages."""
    return escape(text) if isinstance(text, str) else show_both(text)


def read_file(name: str) -> Markup:
    """Return a stylesheet or script of ours, to stand inside the page."""
    return Markup((FOLDER / name).read_text(encoding="utf-8"))


def make_breakable(name: str) -> Markup:
    """Return a name that a narrow column may break after its underscores."""
    return Markup(str(escape(name)).replace("_", "_<wbr>"))
