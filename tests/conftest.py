"""The fixtures every test may use: a database on both engines, the house, the site, people who are signed in, mail and the clock."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from config import ROOT, Settings
from outreach.db import Database
from outreach.house import House
from tests.support import content, postgres, translating
from tests.support.client import PageClient, open_client
from tests.support.databases import ENGINES, Stock, compiled_once
from tests.support.moment import Moment
from tests.support.processes import Office, environment, running
from tests.support.smtp_server import MailServer

RUN = pytest.StashKey[Stock]()
SECRET = "a key for tests only, 32 characters or more"
SITES: dict[Settings, Any] = {}
PEPPER = "a pepper for tests only, 32 characters or more"
#: Where SQLite has no disk to wait for at each commit; a test's database need not survive a power cut. Bytes that must be free.
MEMORY, ENOUGH = Path("/dev/shm"), 2 * 2**30

hypothesis.settings.register_profile(  # nothing is told by how long it takes
    "untimed", hypothesis.settings.default, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """The xdist controller starts PostgreSQL for its workers; a run in one process starts it when a test first needs it."""
    given = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[RUN] = Stock(Path(given["folder"]), lambda: given["server"])
        return
    folder = Path(tempfile.mkdtemp(prefix="outreach-tests-"))
    folder.chmod(0o755)  # the server runs as a user of its own when the tests run as root
    config.stash[RUN] = Stock(folder, functools.cache(functools.partial(postgres.start, folder)))
    config.add_cleanup(functools.partial(postgres.leave, folder))
    if config.option.basetemp is None and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        config.option.basetemp = tempfile.mkdtemp(prefix="outreach-tests-", dir=MEMORY)
        config.add_cleanup(functools.partial(shutil.rmtree, config.option.basetemp, ignore_errors=True))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the run's folder and server are."""
    stock = node.config.stash[RUN]
    node.workerinput["folder"], node.workerinput["server"] = str(stock.folder), stock.server()


def pytest_sessionstart(session: pytest.Session) -> None:
    given = getattr(session.config, "workerinput", None)
    if given is not None:
        translating.share(int(given["workerid"].removeprefix("gw")), given["workercount"])


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What `make test` leaves to `make prove`. A test that touches a database runs with the first and the last of its
    parameters on SQLite, one in a browser with the first; every twelfth one of a file, and those marked `both`, run on
    PostgreSQL too, with the first."""
    files: dict[Path, dict[str, dict[str, list[pytest.Item]]]] = {}
    for item in items:
        name, _, parameters = item.nodeid.partition("[")
        for engine in ENGINES:
            if engine in parameters:
                files.setdefault(item.path, {}).setdefault(name, {}).setdefault(engine, []).append(item)
    for file, tests in files.items():
        for place, runs in enumerate(tests.values()):
            on_sqlite, on_postgres = (runs.get(engine, []) for engine in ENGINES)
            is_sample = place % 12 == 0 or not on_sqlite or any(item.get_closest_marker("both") for item in on_postgres)
            last = None if file.parent.name == "browser" else -1
            for item in (*on_sqlite[1:last], *on_postgres[1 if is_sample else 0 :]):
                item.add_marker(pytest.mark.prove)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Under CI nothing may skip: a skipped test is a failed one."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome, report.longrepr = "failed", f"skipped under CI: {report.longrepr}"
    return report


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Which database: every test that touches one runs on both."""
    return str(request.param)


@pytest.fixture
def stock(request: pytest.FixtureRequest) -> Stock:
    return request.config.stash[RUN]


@pytest.fixture
def var_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir()
    return folder


@pytest.fixture
def database_url(engine: str, stock: Stock, var_dir: Path) -> Iterator[str]:
    """A database of this test's own, with the schema and no rows."""
    with stock.fresh(engine, var_dir) as url:
        yield url


@pytest.fixture
def content_dir(tmp_path: Path) -> Path:
    """A copy of content/ that the test may change."""
    return content.whole(tmp_path / "content")


@pytest.fixture
def content_read(request: pytest.FixtureRequest, stock: Stock) -> Iterator[Path]:
    """What the office reads: the test's own `content_dir` if it takes one, else the one copy that nobody changes."""
    if "content_dir" in request.fixturenames:
        yield request.getfixturevalue("content_dir")
        return
    shared = stock.content()
    before = content.state(shared)
    yield shared
    assert content.state(shared) == before, "a test that changes content/ takes content_dir"


@pytest.fixture
def settings(database_url: str, var_dir: Path, content_read: Path, moment: Moment) -> Settings:
    """As outside production, with mail going to var_dir/mail."""
    return Settings(
        base_url="http://localhost",
        var_dir=var_dir,
        content_dir=content_read,
        database_url=database_url,
        secret_key=SECRET,
        address_pepper=PEPPER,
        clock_file=moment.path,
    )


@pytest.fixture
def moment(tmp_path: Path) -> Moment:
    """The clock of this test and of every process it starts: moment.is_at(…), moment.moves(hours=1), moment.now()."""
    return Moment(tmp_path / "clock-offset")


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """What every process stands on, without Flask."""
    opened = House.open(settings)
    compiled_once(opened.db)
    yield opened
    opened.db.dispose()


@pytest.fixture
def database(house: House) -> Database:
    return house.db


@pytest.fixture
def app(settings: Settings, house: House, stock: Stock) -> Any:
    """The site as granian loads it, standing on this test's house.

    Building it takes longer than most tests, and it reads its house at each request; so one is built per process and
    kind of settings, and every test puts its own house under it. A test that changes the app takes `own_app`.
    """
    kind = dataclasses.replace(settings, var_dir=ROOT, content_dir=ROOT, database_url="", clock_file=None)
    site = SITES.get(kind) or SITES.setdefault(kind, build(settings, stock))
    site.extensions["house"] = house
    return site


@pytest.fixture
def own_app(settings: Settings, stock: Stock) -> Iterator[Any]:
    """A site of this test's own, which it may change."""
    site = build(settings, stock)
    yield site
    site.extensions["house"].db.dispose()


def build(settings: Settings, stock: Stock) -> Any:
    from outreach import create_app

    site = create_app(settings)
    site.jinja_env.bytecode_cache = stock.compiled()  # else every process compiles every template anew
    return site


@pytest.fixture
def client(app: Any) -> PageClient:
    """A visitor; every page fetched is checked (tests/support/pages.py)."""
    return open_client(app)


@pytest.fixture
def staff(app: Any) -> Callable[..., PageClient]:
    """staff("editor", "admin"): a client signed in with these roles."""
    from tests.support.people import signed_in

    return lambda *roles, **who: signed_in(app, *roles, **who)


@pytest.fixture
def officer(staff: Callable[..., PageClient]) -> PageClient:
    """A client signed in as a press officer."""
    return staff("officer")


@pytest.fixture
def mailbox(house: House) -> Any:
    """mailbox.to("reader@example.org"): delivers what is due, then every mail of that address, oldest first."""
    from tests.support.mailbox import Mailbox

    return Mailbox(house)


@pytest.fixture
def live_site(settings: Settings) -> Iterator[Any]:
    """The site on a real port, for a browser: live_site.url, live_site.house."""
    from tests.support.site import live

    with live(settings) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, once per process; open a context of your own in it."""
    from tests.support.site import chromium

    with chromium() as started:
        yield started


@pytest.fixture
def smtp_server() -> Iterator[MailServer]:
    """A real mail server on loopback."""
    with MailServer() as server:
        yield server


@pytest.fixture
def office_processes(settings: Settings, smtp_server: MailServer, tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """office_processes(NAME="value"): a running office as `make run` starts it, mailing to smtp_server; stopped at the end."""
    with contextlib.ExitStack() as stack:

        def start(**more: str) -> Office:
            env = environment(settings, MAIL_URL=smtp_server.url, MAIL_ALLOW="*@example.org", **more)
            return stack.enter_context(running(env, tmp_path / "office.log"))

        yield start
