"""Superset for one machine: its own SQLite file, no secret in the project, pages in Chinese first."""

import os
from pathlib import Path

FOLDER = Path(os.environ["SUPERSET_FOLDER"])

SECRET_KEY = (FOLDER / "secret").read_text(encoding="utf-8").strip()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{FOLDER / 'superset.db'}"

BABEL_DEFAULT_LOCALE = "zh"
LANGUAGES = {
    "zh": {"flag": "cn", "name": "中文"},
    "en": {"flag": "us", "name": "English"},
}

# Nothing is kept between questions: a release that is swapped in is seen by the next one.
CACHE_CONFIG = DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}

# Served on loopback without TLS.
TALISMAN_ENABLED = False
