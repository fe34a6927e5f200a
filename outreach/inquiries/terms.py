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
    RECEIVED,
    REFERRED,
    SCREENED,
    WAITING,
    WITHDRAWN,
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
    DUPLICATE: mark("Joined with your other inquiry"),
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
    moves.TAKE_BACK: mark("taken back before it left"),
    moves.CORRECT: mark("correction sent"),
    moves.DECLINE: mark("declined"),
    moves.REFER: mark("passed on"),
    moves.MERGE: mark("merged"),
    moves.REOPEN: mark("reopened"),
}
# What spoke for a program: the words of `PublicForm.suspicion`, and the rate.
SCREENED_FOR = {
    "trap": mark("a field that people do not see was filled in"),
    "no token": mark("it did not come from our form"),
    "too fast": mark("the form was sent within three seconds"),
    "stale": mark("the form had been open for more than twelve hours"),
    "rate": mark("many inquiries came from the same place"),
}
