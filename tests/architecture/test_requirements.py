"""What is pinned is used, and what is used is pinned."""

from __future__ import annotations

import re
import sys
from importlib.metadata import packages_distributions

from config import ROOT
from tests.support import source

#: Not imported by name: a driver, a hash and a zone database that libraries load, and a package of style sheets.
LOADED_BY_OTHERS = {"psycopg", "argon2-cffi", "tzdata", "bootstrap-flask", "granian"}
#: Flask's own family comes with it, in the versions it wants.
WITH_FLASK = {"click", "jinja2", "markupsafe", "werkzeug", "itsdangerous", "flask-login"}


def name(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_requirements_are_pinned_used_and_complete() -> None:
    lines = (ROOT / "requirements.txt").read_text().split()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+(\[\w+\])?==[\w.]+", line)] == []
    pinned = {name(re.split(r"[\[=]", line)[0]) for line in lines}
    modules = [*source.ours(), *source.modules("migrations")]
    tops = {imported.split(".")[0] for module in modules for imported in module.imports()} - {"outreach", "config"}
    brings = packages_distributions()
    used = {name(dist) for top in tops - set(sys.stdlib_module_names) for dist in brings.get(top, [top])}
    assert sorted(pinned - used - LOADED_BY_OTHERS) == [], "pinned and not used"
    assert sorted(used - pinned - WITH_FLASK) == [], "used and not pinned"
