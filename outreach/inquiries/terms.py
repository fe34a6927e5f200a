"""The fixed words of inquiries: what a journalist needs, how we speak, how to reach them, the names of states.

The ground-rule words are used exactly so on pages and in mails (AP's definitions).
"""

from __future__ import annotations

from outreach.inquiries import moves
from outreach.inquiries.models import (
    ACCEPTED,
    ANSWERED,
    CLOSED,
    DECLINED,
    DUPLICATE,
    IN_CLEARANCE,
    PARTLY,
    RECEIVED,
    REFERRED,
    SCREENED,
    WAITING,
    WILL,
    WITHDRAWN,
    WONT,
)  # fmt: skip
from outreach.language import mark

INTERVIEW, VISIT = "interview", "visit"
NEEDS = {
    "quote": mark("An answer I can quote"),
    "background": mark("Background information"),
    INTERVIEW: mark("Interview"),
    VISIT: mark("Visit or filming"),
    "material": mark("Photos, video or data"),
    "check": mark("Check a fact"),
    "other": mark("Something else"),
}
NEEDS_SHORT = {
    "quote": mark("Quote"),
    "background": mark("Background"),
    INTERVIEW: mark("Interview"),
    VISIT: mark("Visit"),
    "material": mark("Material"),
    "check": mark("Fact check"),
    "other": mark("Other"),
}
INTERVIEW_FORMS = {"live": mark("Live"), "recorded": mark("Recorded"), "written": mark("In writing")}
INTERVIEW_WAYS = {"person": mark("In person"), "video": mark("By video"), "phone": mark("By phone")}
# Field 18, in the words that are kept as what was agreed to.
NOTICES = mark("Also send me media notices (optional)")
NOTICES_MEAN = mark(
    "Our updates and media advisories on all topics, at most one e-mail a day. A separate message asks you to confirm "
    "first, and you can stop at any time."
)
# What is kept of an interview or a visit, by the names of `Inquiry.details`, with what it is called where it is shown.
DETAILS = {
    INTERVIEW: {
        "form": mark("Kind"),
        "way": mark("How it is held"),
        "language": mark("Language"),
        "minutes": mark("Length in minutes"),
        "with": mark("With whom"),
    },
    VISIT: {
        "place": mark("Place"),
        "days": mark("Days"),
        "people": mark("Who comes"),
        "equipment": mark("Equipment"),
    },
}
DETAIL_CHOICES = {(INTERVIEW, "form"): INTERVIEW_FORMS, (INTERVIEW, "way"): INTERVIEW_WAYS}
CHANNELS = {"signal": "Signal", "whatsapp": "WhatsApp", "viber": "Viber", "sms": "SMS"}
REPLY_IN = {"en": "English", "lat": "Srpski, latinica", "cir": "Српски, ћирилица", "any": mark("Any")}

ON_RECORD, BACKGROUND, OFF_RECORD = "on_record", "background", "off_record"
TERMS = {ON_RECORD: mark("On the record"), BACKGROUND: mark("On background"), OFF_RECORD: mark("Off the record")}
TERMS_MEAN = {
    ON_RECORD: mark("you may quote and name the source as we give it."),
    BACKGROUND: mark("you may publish, described as we agree (“an official of the liaison office”), no name."),
    OFF_RECORD: mark("not for publication."),
}

WHEN = {
    "hour": mark("Within the hour"),
    "today": mark("Today"),
    "tomorrow": mark("Tomorrow"),
    "day": mark("Another day"),
    "none": mark("No fixed deadline"),
}

# What the desk calls a state, what the journalist reads, and the chip's colour and shape.
DESK_STATES = {
    SCREENED: mark("Screened"),
    RECEIVED: mark("Received"),
    ACCEPTED: mark("Accepted"),
    WAITING: mark("Waiting for journalist"),
    IN_CLEARANCE: mark("In clearance"),
    ANSWERED: mark("Answered"),
    DECLINED: mark("Declined"),
    REFERRED: mark("Referred"),
    DUPLICATE: mark("Duplicate"),
    WITHDRAWN: mark("Withdrawn"),
    CLOSED: mark("Closed"),
}
PUBLIC_STATES = DESK_STATES | {
    SCREENED: mark("Received"),
    ACCEPTED: mark("With a press officer"),
    WAITING: mark("We need something from you"),
    IN_CLEARANCE: mark("Being cleared"),
    DECLINED: mark("We cannot answer this"),
    REFERRED: mark("Passed on"),
    DUPLICATE: mark("Joined with another inquiry"),
}
CHIPS = {
    SCREENED: ("waiting", "ring"),
    RECEIVED: ("received", "ring"),
    ACCEPTED: ("accepted", "half"),
    WAITING: ("waiting", "half"),
    IN_CLEARANCE: ("clearance", "half"),
    ANSWERED: ("answered", "disc"),
    DECLINED: ("closed", "disc"),
    REFERRED: ("closed", "disc"),
    DUPLICATE: ("closed", "disc"),
    WITHDRAWN: ("closed", "disc"),
    CLOSED: ("closed", "disc"),
}
VERBS = {
    moves.RECEIVE: mark("received"),
    moves.EDIT: mark("edited by the journalist"),
    moves.RELEASE: mark("released"),
    moves.ACCEPT: mark("accepted"),
    moves.KEEP: mark("draft kept"),
    moves.REPLY: mark("reply sent"),
    moves.ANSWER: mark("answer sent"),
    moves.FOLLOW_UP: mark("words added by the journalist"),
    moves.WITHDRAW: mark("withdrawn by the journalist"),
    moves.CLOSE: mark("closed"),
    moves.SCREEN: mark("put aside"),
    moves.COMMIT: mark("commitment given"),
    moves.SNOOZE: mark("put off"),
    moves.HAND_OVER: mark("handed over"),
    moves.ASK_BACK: mark("question sent to the journalist"),
    moves.ASK_CLEARANCE: mark("clearance asked"),
    moves.END_CLEARANCE: mark("back from clearance"),
    moves.DECIDE: mark("clearance decided"),
    moves.ADD_QUESTION: mark("question added"),
    moves.REWORD: mark("question reworded"),
    moves.TAKE_BACK: mark("taken back before it left"),
    moves.CORRECT: mark("correction sent"),
    moves.DECLINE: mark("declined"),
    moves.REFER: mark("passed on"),
    moves.MERGE: mark("merged"),
    moves.REOPEN: mark("reopened"),
    moves.UNDO: mark("undone"),
}
# How sure the office is, as the journalist reads it.
COMMITMENTS = {
    WILL: mark("We will answer by your deadline."),
    PARTLY: mark("We can answer a part of it by your deadline."),
    WONT: mark("We will not make your deadline."),
}
COMMITMENTS_DESK = {WILL: mark("Will make it"), PARTLY: mark("Partly"), WONT: mark("Will not make it")}
# Why the office cannot answer, as the journalist reads it.
REASONS = {
    "not ours": mark("This is not a matter of our office."),
    "not public": mark("This information is not public."),
    "not known": mark("We do not have this information."),
    "no comment": mark("We do not comment on this."),
    "no time": mark("We cannot answer it by your deadline."),
    "not media": mark("This service answers journalists and producers only."),
}
# What spoke for a program: the words of `PublicForm.suspicion`, and the rate.
SCREENED_FOR = {
    "trap": mark("a field that people do not see was filled in"),
    "no token": mark("it did not come from our form"),
    "too fast": mark("the form was sent within three seconds"),
    "stale": mark("the form had been open for more than twelve hours"),
    "automatic": mark("a program sent it by mail"),
    "rate": mark("many inquiries came from the same place"),
}


def is_offered(need: str, name: str, value: str) -> bool:
    """Whether a detail is free text, or one of the choices that were offered for it."""
    choices = DETAIL_CHOICES.get((need, name))
    return choices is None or value in choices


def details(kept: dict[str, dict[str, str]]) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The details of an inquiry for a page: per need its words and (label, value, whether the value is a message)."""
    return [(NEEDS[need], [_detail(need, *one) for one in kept[need].items()]) for need in DETAILS if need in kept]


def _detail(need: str, name: str, value: str) -> tuple[str, str, bool]:
    choices = DETAIL_CHOICES.get((need, name), {})
    return DETAILS[need][name], choices.get(value, value), value in choices
