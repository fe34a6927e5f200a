"""Who may know of the web, and who may end a transaction."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from config import ROOT
from tests.support import source

WEB = ("flask", "flask_wtf", "flask_security", "flask_login", "wtforms", "apscheduler", "werkzeug")
KNOWS_THE_WEB = {"forms", "jobs", "commands", "schedule", "web", "headers", "assets", "outreach/__init__"}
ENDS_TRANSACTIONS = {"jobs", "commands", "web", "outreach/db", "outreach/operations/schema"}
ENDINGS = {"commit", "rollback", "transaction", "side_transaction"}


def is_one_of(module: source.Module, allowed: set[str]) -> bool:
    """views.py and views_desk.py, access.py and access_sessions.py, forms.py and forms_desk.py: each is an edge."""
    edge = module.stem.split("_")[0] in ("views", "access", "forms")
    return edge or module.stem in allowed or module.name in allowed


def test_only_the_edges_import_flask_wtforms_or_apscheduler() -> None:
    inner = [m for m in source.modules("outreach") if not is_one_of(m, KNOWS_THE_WEB)]
    assert [(m.name, name) for m in inner for name in m.imports() if name.split(".")[0] in WEB] == []


def test_only_the_edges_open_or_end_a_transaction() -> None:
    inner = [m for m in source.modules("outreach") if not is_one_of(m, ENDS_TRANSACTIONS)]
    calls = [(m.name, node) for m in inner for node in ast.walk(m.tree) if isinstance(node, ast.Call)]
    assert [
        (name, n.func.attr) for name, n in calls if isinstance(n.func, ast.Attribute) and n.func.attr in ENDINGS
    ] == []


def test_the_side_writer_is_used_for_sessions_counters_and_the_audit_of_reads_only() -> None:
    """It alone may write during a GET; everything else goes through transaction(), which refuses one."""
    users = {m.name for m in source.modules("outreach") if "side_transaction()" in m.text and m.stem != "web"}
    allowed = {
        *("outreach/accounts/access", "outreach/accounts/access_sessions"),
        *(
            "outreach/contacts/views",
            "outreach/contacts/views_record",
            "outreach/subscriptions/views_desk",
            "outreach/inquiries/reports/views",
        ),
        *("outreach/inquiries/files/views", "outreach/inquiries/released/views_check"),
    }
    assert users - allowed == set()


def test_only_entry_points_read_the_clock() -> None:
    inner = [
        m
        for m in source.modules("outreach")
        if not is_one_of(m, ENDS_TRANSACTIONS | {"outreach/clock", "outreach/forms"})
    ]
    reads = ("clock.now()", "datetime.now(", "datetime.utcnow(", "date.today(", "time.time(")
    assert [(m.name, words) for m in inner for words in reads if words in m.text] == []


def test_scheduler_delivery_and_commands_start_without_flask() -> None:
    """The planner and the worker are small processes: importing them loads no Flask."""
    for start in (
        "from outreach.mail import jobs",
        "from outreach.digests import jobs",
        "from outreach import schedule",
    ):
        loads = f"{start}; import sys; print([m for m in ('flask', 'wtforms', 'flask_security') if m in sys.modules])"
        done = subprocess.run([sys.executable, "-c", loads], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.stdout.strip() == "[]", f"{start}: {done.stdout}{done.stderr}"


def test_imports_run_down() -> None:
    """The floors are written in pyproject.toml; import-linter reads them."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
