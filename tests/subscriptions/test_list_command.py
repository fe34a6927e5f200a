"""`python -m outreach subscribers import`, as the person who runs the machine types it."""

from __future__ import annotations

import subprocess

import pytest

from config import ROOT
from outreach.subscriptions.models import Consent, ListImport, Subscriber
from tests.digests.givens import MONDAY
from tests.subscriptions.visits import rows_of
from tests.support import quick
from tests.support.processes import command, environment

PROOF = "Yes, send me your news."


@pytest.fixture
def list_file(tmp_path):
    file = tmp_path / "readers.csv"
    lines = "".join(f"reader{n}@example.org,2025-05-03\n" for n in range(250))
    file.write_text("address,consent_date\n" + lines + "nobody,2025-05-03\n")
    return file


def test_every_line_is_looked_at_first_and_taken_in_with_apply_once(settings, house, moment, list_file):
    moment.is_at(MONDAY)
    words = ("subscribers", "import", str(list_file), "--proof", PROOF)
    done = command(environment(settings), *words)
    assert (done.returncode, done.stderr) == (1, ""), "one line is refused"
    assert "     2  new             r•••@example.org" in done.stdout.splitlines()
    assert "   252  address" in done.stdout.splitlines()
    assert "--apply" in done.stdout.splitlines()[-1]
    assert "reader7@" not in done.stdout, "what scrolls by on a screen is not an address book"
    assert rows_of(house, Subscriber) == rows_of(house, ListImport) == []
    assert "   250  new: taken in" in command(environment(settings), *words, "--apply").stdout.splitlines()
    assert len(rows_of(house, Subscriber)) == 250
    assert {(row.wording, row.source) for row in rows_of(house, Consent)} == {(PROOF, "readers.csv")}
    again = command(environment(settings), *words, "--apply", "--source", "Folder 12")
    assert "   250  already: is subscribed already; nothing changed" in again.stdout.splitlines()
    assert len(rows_of(house, Subscriber)) == len(rows_of(house, Consent)) == 250
    assert [(row.state, row.content, len(row.report)) for row in rows_of(house, ListImport)] == [
        ("done", None, 251)
    ] * 2


def test_o13_two_at_once_take_everybody_in_once(settings, house, moment, list_file):
    moment.is_at(MONDAY)
    line = quick.line("outreach", "subscribers", "import", str(list_file), "--proof", PROOF, "--apply")
    both = [
        subprocess.Popen(
            line, env=environment(settings), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    outputs = [one.communicate(timeout=60) for one in both]
    assert [one.returncode for one in both] == [1, 1], outputs
    assert len(rows_of(house, Subscriber)) == 250
    taken = sum(
        line.split()[1] == "new"
        for out, _ in outputs
        for line in out.splitlines()
        if line[:6].strip().isdigit() and ":" not in line
    )
    assert taken == 250


@pytest.mark.parametrize("content", [b"", b"name\nx\n", b"address,consent_date\n\xe6\xf8\n"])
def test_a_file_that_is_no_list_ends_with_one_line_and_code_2(settings, house, moment, tmp_path, content):
    moment.is_at(MONDAY)
    file = tmp_path / "broken.csv"
    file.write_bytes(content)
    done = command(environment(settings), "subscribers", "import", str(file), "--proof", PROOF, "--apply")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert str(file) in done.stderr


def test_without_proof_nothing_begins(settings, list_file):
    done = command(environment(settings), "subscribers", "import", str(list_file))
    assert done.returncode == 2
    assert "--proof" in done.stderr
