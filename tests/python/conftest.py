"""What every test of the ingest package shares: the templates, the profile of hypothesis."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ingest.templates import Library, get_library

# The same examples on every machine and in every run; no deadline, for CI machines are slow.
settings.register_profile(
    "yusuan",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("yusuan")

pytest_plugins = ["warehouse_fixtures"]


@pytest.fixture(scope="session")
def library() -> Library:
    return get_library()


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for documents that live as long as one example of hypothesis."""
    return tmp_path_factory.mktemp("scratch")
