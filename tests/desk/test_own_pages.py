"""The log, one's own page and the search over everything."""

from __future__ import annotations

from outreach import audit, clock
from outreach.contacts import intake
from outreach.house import House
from tests.desk.test_today import asked
from tests.support.client import PageClient


def test_the_log_tells_who_did_what_newest_first(officer: PageClient, house: House) -> None:
    with house.db.transaction() as session:
        audit.record(session, clock.now(), "inquiry.accepted", "inquiry:26-10432-7", 1, owner=1)
        audit.record(session, clock.now(), "publication.noted", "document:abcde", None)
    page = officer.get("/desk/log")
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.find("tbody").find_all("tr")]
    assert "publication.noted" in rows[0]
    assert "by itself" in rows[0]
    assert "Inquiry accepted" in rows[1]
    assert "Officer, on duty" in rows[1]


def test_the_log_is_filtered_by_who_what_and_record(officer: PageClient, house: House) -> None:
    with house.db.transaction() as session:
        audit.record(session, clock.now(), "inquiry.accepted", "inquiry:26-10432-7", 1)
        audit.record(session, clock.now(), "inquiry.accepted", "inquiry:26-99999-1", None)

    def shown(query: str) -> int:
        body = officer.get(f"/desk/log?{query}").soup.find("tbody")
        return len(body.find_all("tr")) if body else 0

    assert shown("action=inquiry") == 2
    assert shown("action=inquiry&who=1") == 1
    assert shown("obj=inquiry:26-9") == 1
    assert shown("obj=%25") == 0
    assert shown("who=nobody") == shown("")
    assert officer.get("/desk/log?page=99999999999999999999999").status_code == 200


def test_the_own_page_keeps_name_and_language(officer: PageClient) -> None:
    done = officer.submit(officer.get("/desk/me"), "/desk/me", name="Press officer", variant="lat")
    assert done.soup.html["lang"] == "sr-Latn"
    assert "Press officer" in done.get_data(as_text=True)
    wrong = officer.submit(done, "/desk/me", name="  ", variant="lat")
    assert wrong.status_code == 422


def test_a_language_that_is_not_offered_is_refused(officer: PageClient) -> None:
    token = officer.get("/desk/me").soup.find("main").find("input", {"name": "csrf_token"})["value"]
    assert officer.post("/desk/me", data={"name": "X", "variant": "de", "csrf_token": token}).status_code == 422


def test_one_box_finds_inquiries_people_and_documents(officer: PageClient, house: House) -> None:
    asked(house, 7, subject="Ђачки буџет", folded="dacki budzet reporter")
    with house.db.transaction() as session:
        intake.from_inquiry(
            session, house, clock.now(), name="Đorđe Dački", outlet="", email="d@example.org", phone=None, channels=[],
            language="lat", actor_id=None,
        )  # fmt: skip
    page = officer.get("/desk/search?q=djački")
    assert page.soup.find("a", href="/desk/inquiries/26-00007-0") is not None
    assert page.soup.find("a", href="/desk/contacts/1") is not None


def test_a_search_without_a_hit_says_so(officer: PageClient) -> None:
    assert "Nothing fits" in officer.get("/desk/search?q=zzzz").words
    assert officer.get("/desk/search").h1 == "Search everything"
