"""What the tests of privacy share."""

from __future__ import annotations

import pytest

from config import Settings
from tests.support.processes import environment as variables


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands of this process stand on the test's own house."""
    for name, value in variables(settings).items():
        monkeypatch.setenv(name, value)
