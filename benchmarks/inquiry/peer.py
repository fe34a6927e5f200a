"""The same form in Django with its ORM: the same fields, checks and rows, both mails rendered and kept.

As with us the limits are held to, and it is looked up whether the form came before, whether the sender is a known
person, whether the address may be mailed, and who is on duty.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import re
import secrets
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.validators import EmailValidator
from django.core.wsgi import get_wsgi_application
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path
from peer_tables import (
    MODELS,
    AuditEntry,
    ContactAddress,
    DutyTurn,
    Inquiry,
    InquiryEvent,
    OutboxEmail,
    Question,
    RateCount,
    Suppression,
)  # fmt: skip

TEXT = """Liaison Office Belgrade - Public Affairs

{% if deadline %}We have your inquiry.

Reference: {{ reference }}
Deadline: {{ deadline }}

A press officer reads it and takes it on. The private page of your inquiry has the full text,
shows who has it, and is the place to add something:
{% else %}A new inquiry is waiting

Reference: {{ reference }}

Open it on the desk:
{% endif %}
{{ link }}

You get this because an inquiry was sent to the press office with your address.
"""
HTML = "<!doctype html><html><body><table><tr><td>{{ text|linebreaks }}</td></tr></table></body></html>"

TABLES = ("peer_inquiry", "peer_question", "peer_inquiryevent", "peer_auditentry", "peer_outboxemail")
PATH = "/inquiry"


def _choices(*values: str) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


def _optional(longest: int = 300) -> forms.CharField:
    return forms.CharField(required=False, max_length=longest)


class InquiryForm(forms.Form):
    form_token = forms.CharField()
    website = _optional()
    interview_form = forms.ChoiceField(required=False, choices=_choices("live", "recorded", "written"))
    interview_way = forms.ChoiceField(required=False, choices=_choices("person", "phone", "video"))
    interview_language = _optional()
    interview_minutes = _optional()
    interview_with = _optional()
    visit_place = _optional()
    visit_days = _optional()
    visit_people = _optional()
    visit_equipment = _optional()
    anyway = forms.BooleanField(required=False)
    channels = forms.MultipleChoiceField(required=False, choices=_choices("signal", "whatsapp", "viber", "telegram"))
    handle = _optional(120)
    story = _optional(1000)
    runs = forms.DateField(required=False)
    files = forms.FileField(required=False)
    byline = _optional()
    remember = forms.BooleanField(required=False)
    unwanted = _optional()
    about = _optional(60)
    need = forms.MultipleChoiceField(choices=[(n, n) for n in ("quote", "background", "interview", "visit", "other")])
    subject = forms.CharField(min_length=3, max_length=120)
    questions = forms.CharField(min_length=10, max_length=5000)
    when = forms.ChoiceField(choices=[(w, w) for w in ("hour", "today", "tomorrow", "day", "none")])
    date = forms.CharField(max_length=60)
    time = forms.CharField(max_length=60)
    zone = forms.CharField(max_length=60)
    name = forms.CharField(min_length=2, max_length=100)
    outlet = forms.CharField(min_length=2, max_length=120)
    email = forms.CharField(max_length=254, validators=[EmailValidator()])
    phone = forms.RegexField(r"^\+?[\d\s()/.\-–]+$", max_length=60)
    reply = forms.ChoiceField(choices=[(v, v) for v in ("en", "lat", "cir", "any")])
    terms = forms.ChoiceField(choices=[(t, t) for t in ("on_record", "background", "off_record")])

    def clean_form_token(self) -> str:
        try:
            return str(signing.loads(self.cleaned_data["form_token"], max_age=12 * 3600))
        except signing.BadSignature:
            raise forms.ValidationError("stale") from None

    def clean(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        if not self.errors:
            zone = ZoneInfo(said["zone"])
            on = datetime.now(zone).date() + timedelta(days={"sutra": 1, "prekosutra": 2}[said["date"]])
            hour = re.fullmatch(r"(\d{1,2})h?", said["time"])
            if hour is None:
                raise forms.ValidationError("time")
            said["deadline_at"] = datetime(on.year, on.month, on.day, int(hour[1]), tzinfo=zone)
        return said


def submit(request: HttpRequest) -> HttpResponse:
    form = InquiryForm(request.POST)
    if not form.is_valid():
        return HttpResponse(str(form.errors), status=422)
    now = datetime.now(UTC)
    with transaction.atomic():
        inquiry = receive(form.cleaned_data, now, request.META.get("HTTP_X_FORWARDED_FOR", ""))
    return HttpResponseRedirect(f"/sent?key={signing.dumps(inquiry.reference)}")


def receive(said: dict[str, Any], now: datetime, network: str) -> Inquiry:
    known = Inquiry.objects.filter(nonce=said["form_token"]).first()
    if known:
        return known
    for who, most in ((f"network {network}", 10), (f"address {said['email']}", 10), ("all", 10**9)):
        if said["website"] or _count(f"{who} {now:%Y%m%d%H}", now) > most:
            raise PermissionDenied("it would wait under Screened")
    hashed = hmac.digest(settings.SECRET_KEY.encode(), said["email"].casefold().encode(), "sha256").hex()
    suspense_at = said["deadline_at"] - (said["deadline_at"] - now) / 5
    reachable = ContactAddress.objects.select_related("person").filter(address_hash=hashed, person__ended_at=None)
    known = reachable.order_by("person_id").first()
    details = {name: value for name, value in said.items() if name.startswith(("interview", "visit")) and value}
    inquiry = Inquiry(
        reference=_free_reference(), nonce=said["form_token"], state="received", needs=said["need"],
        fingerprint=hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest(),
        person=known.person if known else None,
        subject=said["subject"], story=said["story"], about=said["about"], details=details, zone=said["zone"],
        deadline_at=said["deadline_at"], deadline_choice=said["when"], deadline_day=said["date"],
        deadline_hour=said["time"], suspense_at=suspense_at, commit_by_at=now + (suspense_at - now) / 2,
        publishes_anyway=said["anyway"], publication_on=said["runs"], name=said["name"], outlet=said["outlet"],
        byline=said["byline"], email=said["email"], phone=said["phone"], channels=said["channels"],
        other_handle=said["handle"], reply=said["reply"], terms=said["terms"],
        folded=f"{said['subject']} {said['name']} {said['outlet']}".casefold(),
        received_at=now, changed_at=now, last_in_at=now, mail_thread=f"{secrets.token_hex(16)}@example.org",
    )  # fmt: skip
    inquiry.save(force_insert=True)
    lines = [line for line in said["questions"].splitlines() if line.strip()]
    Question.objects.bulk_create(Question(inquiry=inquiry, number=n, text=line) for n, line in enumerate(lines, 1))
    InquiryEvent.objects.create(inquiry=inquiry, at=now, verb="received", to_state="received")
    AuditEntry.objects.create(at=now, action="inquiry.received", obj=f"inquiry:{inquiry.reference}", detail={})
    if not Suppression.objects.filter(address_hash=hashed, scope="all").exists():
        _mail(inquiry, inquiry.email, f"{inquiry.deadline_at:%A %d %B %Y, %H:%M}", now, inquiry.mail_thread)
    _mail(inquiry, _on_duty(now), "", now, f"{secrets.token_hex(16)}@example.org")
    return inquiry


def _on_duty(now: datetime) -> str:
    turns = DutyTurn.objects.select_related("account").filter(starts_at__lte=now, ends_at__gt=now, account__active=True)
    turn = turns.filter(models.Q(ended_at=None) | models.Q(ended_at__gt=now)).order_by("-starts_at", "-pk").first()
    return turn.account.email if turn else "duty@example.org"


def _count(who: str, now: datetime) -> int:
    """How many there are with this one."""
    row, made = RateCount.objects.get_or_create(
        who=who[:64], defaults={"ends_at": now + timedelta(hours=1), "count": 1}
    )
    if not made:
        RateCount.objects.filter(pk=row.pk).update(count=models.F("count") + 1)
        return row.count + 1
    return 1


def _free_reference() -> str:
    while True:
        made = f"26-{random.randrange(10**5):05}-{random.randrange(10**6)}"[:10]  # noqa: S311
        if not Inquiry.objects.filter(reference=made).exists():
            return made


def _mail(inquiry: Inquiry, to: str, deadline: str, now: datetime, message_id: str) -> None:
    link = f"http://127.0.0.1/en/i/{signing.dumps(inquiry.reference)}"
    text = TEMPLATES[0].render({"reference": inquiry.reference, "deadline": deadline, "link": link})
    OutboxEmail.objects.create(
        ref=f"inquiry:{inquiry.reference}", to_address=to, message_id=message_id,
        subject=f"[{inquiry.reference}] We have your inquiry", text=text, html=TEMPLATES[1].render({"text": text}),
        state="pending", next_at=now, created_at=now,
    )  # fmt: skip


TEMPLATES = [engines["django"].from_string(words) for words in (TEXT, HTML)]
urlpatterns = [path("inquiry", submit), path("", lambda _request: HttpResponse("ready"))]
application = get_wsgi_application()


def prepare(count: int) -> None:
    """Make the tables and print what signs `count` forms, one on a line."""
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)
    print("\n".join(signing.dumps(secrets.token_urlsafe(12)) for _ in range(count)))


if __name__ == "__main__":
    prepare(int(sys.argv[1]))
