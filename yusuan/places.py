"""Where things are: the project, its parsed tables, and the warehouse beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DATABASE_NAME = "yusuan.duckdb"  # dbt's views keep this stem as their catalog: it never changes


@dataclass(frozen=True)
class Home:
    """The folder that holds everything a build makes (``YUSUAN_HOME``, else ``warehouse/``)."""

    folder: Path

    @classmethod
    def find(cls) -> Home:
        named = os.environ.get("YUSUAN_HOME")
        return cls(Path(named).resolve() if named else PROJECT / "warehouse")

    @property
    def work_database(self) -> Path:
        """The file that ``yusuan load`` fills and a plain ``dbt build`` works in."""
        return self.folder / "work" / DATABASE_NAME

    @property
    def current(self) -> Path:
        return self.folder / "current"

    @property
    def published_database(self) -> Path:
        return self.current / DATABASE_NAME

    @property
    def releases(self) -> Path:
        return self.folder / "releases"

    @property
    def failed(self) -> Path:
        return self.folder / "failed"

    def building(self, build_id: str) -> Path:
        return self.folder / "building" / build_id


def parsed_folder() -> Path:
    """The parsed tables that come with the project, to which ``yusuan parse`` adds."""
    return PROJECT / "data" / "parsed"


def describe_path(path: Path) -> str:
    """Return a path as short as a person would write it from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
