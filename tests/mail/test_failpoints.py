"""Named points where a process can be stopped: only when a setting says so, and never in production."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

import config
from config import ROOT, Settings
from outreach.mail import failpoints


@pytest.fixture(autouse=True)
def disarmed() -> None:
    failpoints.arm(Settings())


def passes(setting: str, point: str) -> tuple[int, float]:
    """A process with this setting comes past a point: how it ended, and after how many seconds."""
    program = (
        "import sys, time; from config import Settings; from outreach.mail import failpoints; begun = time.monotonic();"
        "failpoints.arm(Settings(failpoint=sys.argv[1], mail_lease=1)); failpoints.reach(sys.argv[2]); print(time.monotonic() - begun)"
    )
    done = subprocess.run([sys.executable, "-c", program, setting, point], cwd=ROOT, capture_output=True, check=False)
    return done.returncode, float(done.stdout or -1)


def test_unarmed_every_point_is_passed() -> None:
    for point in failpoints.POINTS:
        failpoints.reach(point)


def test_d06_kill_ends_the_process_at_its_point_alone() -> None:
    assert passes("after_dot:kill", "after_dot")[0] == -9
    assert passes("after_dot:kill", "before_dot")[0] == 0


def test_d06_pause_lasts_longer_than_a_lease() -> None:
    status, seconds = passes("before_record:pause", "before_record")
    assert status == 0
    assert seconds > 2.4


def test_a_chance_of_nought_never_stops_and_an_unknown_point_is_refused() -> None:
    assert passes("after_claim:kill:0", "after_claim")[0] == 0
    with pytest.raises(ValueError, match="FAILPOINT"):
        failpoints.arm(replace(Settings(), failpoint="somewhere:kill"))


@pytest.mark.parametrize("bad", ["after_claim", "after_claim:explode", "after_claim:kill:2", "After:kill"])
def test_a_bad_setting_is_named(bad: str) -> None:
    with pytest.raises(config.SettingError, match="FAILPOINT"):
        Settings(failpoint=bad)


def test_production_knows_no_failpoint() -> None:
    real = {
        "production": True, "secret_key": "k" * 32, "address_pepper": "p" * 32, "base_url": "https://press.example.org",
        "mail_url": "smtp://mail.example.org", "mail_from": "press@example.com", "duty_address": "duty@example.com",
    }  # fmt: skip
    Settings(**real)
    with pytest.raises(config.SettingError, match="FAILPOINT"):
        Settings(**real, failpoint="after_claim:kill")
