"""Two approvers who have accounts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.client import PageClient


@pytest.fixture
def legal(staff: Any) -> PageClient:
    return staff("approver", email="legal@example.org", name="Legal")


@pytest.fixture
def chief(staff: Any) -> PageClient:
    return staff("approver", email="chief@example.org", name="Chief")
