"""`python -m tests.crash`: the whole proof on both databases, long; its tables are printed and kept in
docs/crash.md. `python -m tests.crash demonstration`: see demonstration.py."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from config import ROOT
from outreach.mail.failpoints import POINTS
from tests.crash import check, demonstration
from tests.crash.mutants import MUTANTS
from tests.crash.proof import WINDOW, Outcome, Trial, run
from tests.support import postgres
from tests.support.databases import ENGINES, Stock

SEEDS = range(5)
PIPELINED = (0, 2)  # seeds whose server takes mails in one piece, and commands in groups
IN_MEMORY = Path("/dev/shm")  # what kill -9 cannot show is a disk that forgets
AT_ONCE = 3  # trials; each is mostly waiting

Case = tuple[str, Trial]


def storms() -> list[Case]:
    """At least 1,000 kills and 5,000 messages for each database; with the first seed the server hardly does its work."""
    faults = {0: 0.3}
    return [
        (engine, Trial(seed, people=480, strikes=215, faults=faults.get(seed, Trial.faults)))
        for engine in ENGINES for seed in SEEDS
    ]  # fmt: skip


def failpoints() -> list[Case]:
    """Every point, killed there and paused there for longer than a lease."""
    return [
        (engine, at_failpoint(f"{point}:{does}", seed))
        for engine in ENGINES for point in POINTS for does in ("kill", "pause") for seed in PIPELINED
    ]  # fmt: skip


def mutants() -> list[Case]:
    return [(engine, mutated(name)) for engine in ENGINES for name in MUTANTS]


def at_failpoint(failpoint: str, seed: int) -> Trial:
    point, _, does = failpoint.partition(":")
    chance = 0.02 if "dot" in point else 0.3  # a dot is passed with every mail
    strikes = 80 if does == "pause" else 40
    return Trial(seed, people=90, strikes=strikes, faults=0.02, failpoint=f"{failpoint}:{chance}", lease=2, later=(40,))


def mutated(name: str) -> Trial:
    mutant = MUTANTS[name]
    return Trial(
        0, people=90, strikes=100, faults=mutant.faults, failpoint=mutant.failpoint, mutant=name, lease=2, later=(40,)
    )


def is_caught(name: str, outcome: Outcome) -> bool:
    """Whether the proof says that these promises are broken, and no others."""
    found, mutant = set(outcome.broken), MUTANTS[name]
    return mutant.breaks <= found <= mutant.breaks | mutant.perhaps


def attempt(folder: Path, server: str, case: Case) -> Outcome:
    engine, trial = case
    own = Path(tempfile.mkdtemp(dir=folder))
    with Stock(folder, lambda: server).fresh(engine, own) as url:
        outcome = run(trial, own, url)
    print(f"{engine} {trial}: {dict(outcome.broken) or 'kept'}, {outcome.seconds:.0f} s", file=sys.stderr, flush=True)
    return outcome


def table(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> list[str]:
    """The storms: a line for each, and the sum for each database."""
    columns = ("database", "seed", OFFERED, *COLUMNS, *check.PROMISES)
    lines = [row(columns), row(["---"] * len(columns))]
    for engine in ENGINES:
        sums = [0] * (len(columns) - 3)
        for (own, trial), outcome in zip(cases, outcomes, strict=True):
            if own == engine:
                lines.append(row([engine, trial.seed, offered(trial), *figures(outcome)]))
                sums = [a + b for a, b in zip(sums, figures(outcome), strict=True)]
        lines.append(row([f"**{engine}**", "all", "", *(f"**{number:,}**" for number in sums)]))
    return lines


def failpoint_table(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> list[str]:
    heads = ("database", "failpoint", OFFERED, *COLUMNS[:1], *COLUMNS[2:6], "broken promises")
    lines = [row(heads), row(["---"] * len(heads))]
    for (engine, trial), outcome in zip(cases, outcomes, strict=True):
        numbers = figures(outcome)
        lines.append(row([engine, trial.failpoint, offered(trial), numbers[0], *numbers[2:6], total(outcome)]))
    return lines


def mutant_table(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> list[str]:
    lines = [row(("database", "mutant", "caught by", "")), row(["---"] * 4)]
    for (engine, trial), outcome in zip(cases, outcomes, strict=True):
        found = ", ".join(f"{promise}: {times}" for promise, times in sorted(outcome.broken.items()))
        verdict = "caught" if is_caught(trial.mutant, outcome) else "**not caught as it should be**"
        lines.append(row([engine, MUTANTS[trial.mutant].words, found or "nothing", verdict]))
    return lines


OFFERED = "server offers"
COLUMNS = ("kills", "pauses", "messages", "copies stored", "duplicates", "uncertain logged", "most marked by one")


def offered(trial: Trial) -> str:
    return " and ".join(trial.offers) or "neither"


def figures(outcome: Outcome) -> list[int]:
    numbers = [outcome.kills, outcome.pauses, outcome.messages, outcome.stored, outcome.duplicates, outcome.uncertain]
    return [*numbers, outcome.most_marked, *(outcome.broken[promise] for promise in check.PROMISES)]


def total(outcome: Outcome) -> str:
    return ", ".join(f"{promise}: {times}" for promise, times in outcome.broken.items()) or "0"


def row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def prove() -> bool:
    """Run everything, print and keep the tables; whether all went as it should."""
    begun, folder = (
        time.monotonic(),
        Path(tempfile.mkdtemp(prefix="outreach-crash-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None)),
    )
    folder.chmod(0o755)  # the database server runs as a user of its own
    server = postgres.start(folder)
    parts = (storms(), failpoints(), mutants())
    found, said = [], []
    with ProcessPoolExecutor(AT_ONCE) as pool:
        for cases, tell in zip(parts, (table, failpoint_table, mutant_table), strict=True):
            found.append(list(pool.map(partial(attempt, folder, server), cases)))
            said.append("\n".join(tell(cases, found[-1])))
            print(said[-1], flush=True)
    minutes = (time.monotonic() - begun) / 60
    text = WORDS.format(window=WINDOW, minutes=minutes, storms=said[0], failpoints=said[1], mutants=said[2])
    (ROOT / "docs" / "crash.md").write_text(text)
    postgres.leave(folder)
    caught = [is_caught(trial.mutant, outcome) for (_, trial), outcome in zip(parts[2], found[2], strict=True)]
    return all(caught) and not any(outcome.broken for outcomes in found[:2] for outcome in outcomes)


WORDS = """# The crash proof of digests

Printed by `make crash`, which took {minutes:.0f} minutes. Five workers and two planners, real processes without Flask,
are killed (-9) and paused for longer than their lease, two or three times a second, while items are published and
withdrawn, readers stop and the clock is moved through weeks; the mail server fails for one mail in twelve (with seed 0
for three in ten), before, in and after the final dot. Then all is calm, everybody finishes, and what the server stored is held against what was
promised. A worker's window is {window} mails. How it is done: `tests/crash/`, beginning with `proof.py`.

*Unexplained*: copies beyond the first that no logged uncertain attempt explains. *Late copies*: stored after the ledger
knew the mail as accepted. *Unasked*: items that the reader never chose. The right half of the table must be 0.

## Killed and paused at random

{storms}

## Killed, or paused for longer than the lease, at each failpoint

Four workers and one planner come to it; the others take over.

{failpoints}

## Mutants

The same processes with one function replaced (`tests/crash/mutants.py`); the proof must say which promise is broken.

{mutants}
"""


if __name__ == "__main__":
    if sys.argv[1:] == ["demonstration"]:
        demonstration.run()
    else:
        sys.exit(not prove())
