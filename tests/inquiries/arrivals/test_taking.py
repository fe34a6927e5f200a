"""A journalist's mail finds its inquiry by the secret address, else by its thread, never by its subject."""

from __future__ import annotations

import ast
import subprocess
from typing import Any

import pytest
from sqlalchemy import select

from config import ROOT, SettingError, Settings
from outreach import clock
from outreach.inquiries import emails
from outreach.inquiries.arrivals import jobs, sorting
from outreach.inquiries.files.models import StoredFile
from outreach.mail.models import OutboxEmail
from tests.inquiries.arrivals.post import BOUNCES, FORGED, REPLIES, Post, mail, parts
from tests.inquiries.conftest import REPORTER
from tests.support import quick
from tests.support.moment import Moment
from tests.support.processes import environment

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def test_a_mail_to_the_secret_address_is_words_on_the_inquiry(post: Post, reference: str, moment: Moment) -> None:
    post.sets(reference, state="answered")
    before = post.alerts(reference)
    moment.moves(minutes=5)
    post.arrives(mail("One more thing: who pays?\n\n> We have your inquiry.\n", to=post.address_of(reference)))
    (message,) = post.messages(reference)
    assert (message.direction, message.channel, message.sender) == ("in", "mail", "")
    assert (message.body, message.quoted) == ("One more thing: who pays?", "> We have your inquiry.")
    inquiry = post.inquiry(reference)
    assert (inquiry.state, inquiry.has_new_words()) == ("accepted", True)
    assert post.alerts(reference) == before + 1
    assert [(row.kind, row.state, row.reason, row.raw, row.token) for row in post.rows()] == [
        ("reply", "settled", "taken in", None, None)
    ]


def test_every_mail_to_the_journalist_asks_for_answers_at_the_secret_address(post: Post, reference: str) -> None:
    address = post.address_of(reference)
    assert address.startswith(f"press+{reference.replace('-', '')}")
    with post.house.db.transaction() as session:
        inquiry = session.get_one(type(post.inquiry(reference)), post.inquiry(reference).id)
        emails.send_accepted(session, post.house, clock.now(), inquiry, "Officer")
        emails.send_link(session, post.house, clock.now(), inquiry, emails.page_variant(inquiry))
    sent = post.mailbox.to(REPORTER)
    assert {str(one.message["Reply-To"]) for one in sent} == {address}
    assert len(sent) == 3
    assert {str(one.message["Reply-To"]) for one in post.mailbox.to("duty@example.org")} == {"None"}


def test_no_code_mails_a_journalist_without_saying_where_to_answer() -> None:
    for path in sorted((ROOT / "outreach" / "inquiries").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("outbox.enqueue"):
                given = {word.arg: ast.unparse(word.value) for word in call.keywords}
                if given.get("to_address") == "inquiry.email":
                    assert "reply_to" in given, f"{path.name}:{call.lineno}"


def test_without_a_reply_address_mails_ask_for_none(post: Post, reference: str) -> None:
    from dataclasses import replace

    from outreach.inquiries import links

    house = replace(post.house, settings=replace(post.house.settings, reply_address=""))
    assert links.reply_address(house, post.inquiry(reference)) is None


@pytest.mark.parametrize(
    "address", ["press", "Press@press.example.org", "p+q@press.example.org", "a-very-long-name@example.org"]
)
def test_a_reply_address_that_leaves_no_room_for_a_stamp_stops_the_start(address: str) -> None:
    with pytest.raises(SettingError, match="^REPLY_ADDRESS: "):
        Settings(reply_address=address)


def test_the_pipe_says_to_whom_it_came_when_no_header_does(post: Post, reference: str) -> None:
    address = post.address_of(reference).upper()
    run = subprocess.run(
        quick.line("outreach", "mail", "receive", "--recipient", address), cwd=ROOT, check=False, timeout=60,
        input=mail("By the pipe", to="undisclosed-recipients:;"), capture_output=True,
        env=environment(post.house.settings, BOUNCE_ADDRESS=BOUNCES, REPLY_ADDRESS=REPLIES),
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    jobs.take_in(post.house)
    assert [message.body for message in post.messages(reference)] == ["By the pipe"]


def test_the_same_mail_by_two_ways_is_one_message(post: Post, reference: str) -> None:
    raw = mail("Only once", to=post.address_of(reference))
    for _ in range(2):
        post.arrives(raw)
    jobs.take_in(post.house)
    assert [message.body for message in post.messages(reference)] == ["Only once"]
    assert post.alerts(reference) == 2


def test_who_has_the_secret_address_may_write_from_another_and_is_named(post: Post, reference: str) -> None:
    post.arrives(
        mail("I take over from my colleague", sender="Editor <editor@example.org>", to=post.address_of(reference))
    )
    assert [(message.body, message.sender) for message in post.messages(reference)] == [
        ("I take over from my colleague", "editor@example.org")
    ]


def test_the_thread_counts_when_the_mail_comes_from_the_inquirys_own_address(post: Post, reference: str) -> None:
    (ours,) = post.sent_ids(reference)
    post.arrives(
        mail("By the thread", to="office@example.org", In_Reply_To=f"<{ours}>", sender=f"X <{REPORTER.upper()}>")
    )
    post.arrives(mail("By references", to="office@example.org", References=f"<a@b.example> <{ours}>"))
    assert [message.body for message in post.messages(reference)] == ["By the thread", "By references"]


@pytest.mark.parametrize(
    "given",
    [
        {"sender": "Stranger <stranger@example.org>"}, {"sender": f'"{REPORTER}" <stranger@example.org>'},
        {"sender": f"{REPORTER} <stranger@example.org>"}, {"sender": f'"<{REPORTER}>" stranger@example.org'}, {"sender": f"<stranger@example.org>, <{REPORTER}>"},
        {"sender": f"stranger@example.org ({REPORTER})"}, {"sender": f"{REPORTER}, stranger@example.org"}, {"sender": ""},
    ],
)  # fmt: skip
def test_s_a_thread_from_another_address_waits_for_a_person(post: Post, reference: str, given: dict[str, str]) -> None:
    (ours,) = post.sent_ids(reference)
    post.arrives(mail("Let me in", to="office@example.org", In_Reply_To=f"<{ours}>", **given))
    assert post.messages(reference) == []
    assert post.outcome() == ("unmatched", "no inquiry")


def test_s_a_subject_alone_proves_nothing(post: Post, reference: str) -> None:
    post.arrives(mail("It is about this", subject=f"Re: [{reference}]", to="office@example.org"))
    assert post.messages(reference) == []
    assert post.outcome() == ("unmatched", "no inquiry")


def test_s_a_forged_stamp_opens_nothing_and_the_address_wins_over_the_thread(post: Post, asked: Any) -> None:
    mine, other = asked(), asked(email="other@example.org", subject="Another matter")
    address = post.address_of(mine)
    wrong = address.replace(mine.replace("-", ""), other.replace("-", ""))
    for forged in (FORGED, wrong, address.replace("press+", "press+0"), f"{address[:40]}@press.example.org"):
        post.arrives(mail("Forged", to=forged, sender="x@example.org"))
        assert post.outcome() == ("unmatched", "no inquiry")
    assert post.messages(mine) == post.messages(other) == []
    (ours,) = post.sent_ids(other)
    post.arrives(mail("Whose?", to=address, In_Reply_To=f"<{ours}>", sender="other@example.org"))
    assert (len(post.messages(mine)), len(post.messages(other))) == (1, 0)


def test_words_for_an_inquiry_that_was_merged_go_to_the_one_it_was_merged_into(post: Post, asked: Any) -> None:
    first, second = asked(), asked(subject="The same again")
    post.sets(second, state="duplicate", duplicate_of_id=post.inquiry(first).id)
    post.arrives(mail("More", to=post.address_of(second)))
    assert [message.body for message in post.messages(first)] == ["More"]


def test_an_inquiry_that_takes_no_more_words_leaves_the_mail_to_a_person(post: Post, reference: str) -> None:
    post.sets(reference, state="withdrawn")
    post.arrives(mail("After all", to=post.address_of(reference)))
    assert (post.outcome(), post.messages(reference)) == (("unmatched", "over"), [])


AUTOMATIC = {
    "RFC 3834": {"Auto_Submitted": "auto-replied"}, "Outlook": {"X_Auto_Response_Suppress": "All"}, "older": {"X_Autoreply": "yes"},
    "bulk": {"Precedence": "bulk"}, "no sender": {"Return_Path": "<>"}, "auto": {"X_Auto_Reply": "yes"},
}  # fmt: skip


@pytest.mark.parametrize("how", AUTOMATIC)
@pytest.mark.parametrize("state", ["closed", "answered", "withdrawn"])
def test_m16_out_of_office_opens_nothing_calls_nobody_and_is_answered_by_nobody(
    post: Post, reference: str, how: str, state: str
) -> None:
    address = post.address_of(reference)
    post.sets(reference, state=state)
    before, alerts = post.inquiry(reference), post.alerts(reference)
    post.arrives(mail("I am away until Monday", to=address, **AUTOMATIC[how]))
    after = post.inquiry(reference)
    assert (after.state, after.last_in_at, after.version) == (state, before.last_in_at, before.version)
    assert [(message.direction, message.body) for message in post.messages(reference)] == [
        ("note", "I am away until Monday")
    ]
    assert (post.alerts(reference), post.outcome()) == (alerts, ("settled", "automatic"))


def test_m16_a_receipt_that_a_program_sent_leaves_nothing(post: Post, reference: str) -> None:
    body, _ = parts(
        ("Content-Type: text/plain", "shown"),
        ("Content-Type: message/disposition-notification", "Disposition: displayed"),
    )
    post.arrives(
        mail(
            body,
            to=post.address_of(reference),
            kind='multipart/report; report-type=disposition-notification; boundary="edge"',
        )
    )
    assert (post.messages(reference), post.outcome()) == ([], ("settled", "automatic"))


def test_m16_a_mail_through_a_list_or_from_ourselves_waits_for_a_person(post: Post, reference: str) -> None:
    address = post.address_of(reference)
    post.arrives(mail("Through a list", to=address, List_Id="<desk.example.org>"))
    assert post.outcome() == ("unmatched", "a list")
    post.arrives(mail("From ourselves", to=address, sender="Office <OFFICE@example.org>"))
    assert post.outcome() == ("unmatched", "ourselves")
    assert post.messages(reference) == []


def test_m16_a_mail_of_ours_that_comes_back_whole_is_dropped(post: Post, reference: str) -> None:
    (ours,) = post.sent_ids(reference)
    post.arrives(mail("We have your inquiry", to=post.address_of(reference), message_id=ours))
    assert (post.messages(reference), post.outcome()) == ([], ("settled", "our own"))


def test_m16_a_sender_that_never_stops_is_stopped(post: Post, asked: Any, moment: Moment) -> None:
    references = [asked() for _ in range(2)]
    addresses = [post.address_of(reference) for reference in references]
    for number in range(sorting.MOST_AN_HOUR + 2):
        post.arrives(mail(f"And {number}", to=addresses[number % 2], sender="Robot <robot@example.org>"))
    assert sum(len(post.messages(reference)) for reference in references) == sorting.MOST_AN_HOUR
    assert post.outcome() == ("unmatched", "too many")
    moment.moves(hours=1, minutes=1)
    post.arrives(mail("An hour later", to=addresses[0], sender="Robot <robot@example.org>"))
    assert post.outcome() == ("settled", "taken in")


def test_m16_two_programs_that_answer_each_other_come_to_an_end(post: Post, reference: str) -> None:
    address = post.address_of(reference)
    for number in range(40):
        post.arrives(mail(f"Ticket {number} opened", to=address, Auto_Submitted="auto-generated"))
    assert len(post.messages(reference)) <= sorting.MOST_AN_HOUR
    with post.house.db.read() as session:
        assert len(list(session.scalars(select(OutboxEmail.id)))) == 2  # the receipt and its alert


def test_files_of_a_mail_come_under_the_rules_of_uploads(post: Post, reference: str) -> None:
    body, kind = parts(
        ("Content-Type: text/plain; charset=utf-8", "See the files."),
        ("Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''%D0%BF%D0%B8%D1%82%D0%B0%D1%9A%D0%B0.pdf", PDF),
        ("Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"run.exe\"", b"MZ\0\0"),
        ("Content-Type: text/plain; name=\"notes.txt\"\nContent-Disposition: attachment", "Notes"),
    )  # fmt: skip
    post.arrives(mail(body, to=post.address_of(reference), kind=kind))
    words, note = post.messages(reference)
    with post.house.db.read() as session:
        files = list(session.scalars(select(StoredFile).order_by(StoredFile.id)))
    assert [(file.name, file.kind, file.origin, file.message_id) for file in files] == [
        ("питања.pdf", "pdf", "mail", words.id), ("notes.txt", "txt", "mail", words.id),
    ]  # fmt: skip
    assert (words.body, note.direction) == ("See the files.", "note")
    assert "run.exe: The selected file must be a PDF" in note.body


def test_a_mail_cut_short_does_not_pass_its_last_file_for_whole(post: Post, reference: str) -> None:
    body, kind = parts(
        ("Content-Type: text/plain", "See the file."), ('Content-Type: text/plain\nContent-Disposition: attachment; filename="a.txt"', "half")
    )  # fmt: skip
    post.arrives(mail(body.removesuffix(b"--edge--\n"), to=post.address_of(reference), kind=kind))
    words, note = post.messages(reference)
    assert (words.body, "a.txt: The mail ends within this file" in note.body) == ("See the file.", True)
    with post.house.db.read() as session:
        assert list(session.scalars(select(StoredFile.id))) == []


def test_a_large_file_comes_to_the_secret_address_and_strangers_are_kept_short(post: Post, reference: str) -> None:
    body, kind = parts(
        ("Content-Type: text/plain", "Large."),
        ('Content-Type: text/plain\nContent-Disposition: attachment; filename="a.txt"', b"words and words\n" * 500_000),
    )  # fmt: skip
    post.arrives(mail(body, to=post.address_of(reference), kind=kind))
    with post.house.db.read() as session:
        assert session.scalars(select(StoredFile.size)).one() > 7_000_000
    post.arrives(mail(body, to="office@example.org", sender="x@example.org", kind=kind))
    assert len(post.rows()[-1].raw or b"") == 5 * 2**20
