"""Every action that a room records has words on the log, in the officer's language."""

from __future__ import annotations

import re

from config import ROOT
from outreach.desk import log_words
from outreach.inquiries import moves

RECORDED = re.compile(r'"([a-z]+\.[a-z_]+)"')


def actions_in(source: str) -> set[str]:
    rooms = {action.split(".")[0] for action in log_words.ACTIONS}
    return {action for action in RECORDED.findall(source) if action.split(".")[0] in rooms}


def test_every_recorded_action_has_words_and_every_word_is_used() -> None:
    files = [path for path in (ROOT / "outreach").rglob("*.py") if path.name != "log_words.py"]
    recorded = {action for path in files if "audit" in (text := path.read_text()) for action in actions_in(text)}
    recorded |= {f"inquiry.{verb.replace(' ', '_')}" for verb in (moves.RECEIVE, moves.UNDO, *moves.LEGAL)}
    columns = {"account.id", "person.id", "document.id", "inquiry.id"}
    assert recorded - columns == set(log_words.ACTIONS)
