"""The office of the digest tests has little to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import content


@pytest.fixture(autouse=True)
def content_dir(tmp_path: Path) -> Path:
    """Next to nothing, and the test may change it; reading all that is delivered takes longer than most of these tests."""
    return content.little(tmp_path / "content")
