"""The house rules are about the code, not about the database: one engine is enough for them."""

from __future__ import annotations

import pytest


@pytest.fixture
def engine() -> str:
    return "sqlite"
