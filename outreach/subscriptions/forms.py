"""The subscribe form and the preferences page: fields, messages, format checks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from wtforms import BooleanField, DateField, Form, RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from outreach.language import Variant, mark
from outreach.mail import addresses
from outreach.office import Office
from outreach.subscriptions import choices
from outreach.subscriptions.choices import Choice
from outreach.web import PublicForm

LANGUAGES = [("en", "English"), ("lat", "Srpski, latinica"), ("cir", "Српски, ћирилица")]
PAUSE = timedelta(days=30)

NOT_AN_ADDRESS = mark("Enter an e-mail address in the correct format, like name@example.com")
NO_TOPIC = mark("Choose at least one topic, or stop all e-mail")
PAUSE_PAST = mark("Choose a day after today")
PAUSE_FAR = mark("Choose a day within a year")
SAME_ADDRESS = mark("This is the address that our e-mails go to now")
LONGEST_PAUSE = timedelta(days=366)


class _Address(Form):
    """First on the page and so first in the list of what needs correcting."""

    address = StringField(
        mark("Your e-mail address"), [DataRequired(NOT_AN_ADDRESS), Length(max=254, message=NOT_AN_ADDRESS)]
    )

    def validate_address(self, field: StringField) -> None:
        try:
            field.data = addresses.check(field.data or "")
        except ValueError as wrong:
            said = str(wrong)
            raise ValidationError(said if said == addresses.LATIN_ONLY else NOT_AN_ADDRESS) from None


class NewAddressForm(_Address):
    """Where the e-mails are to go from now on."""

    address = StringField(
        mark("New e-mail address"), [DataRequired(NOT_AN_ADDRESS), Length(max=254, message=NOT_AN_ADDRESS)]
    )

    def __init__(self, formdata: Any = None, *, present: str, **kwargs: Any) -> None:
        """`present`: the address they go to now."""
        super().__init__(formdata, **kwargs)
        self.present = present

    def validate_address(self, field: StringField) -> None:
        super().validate_address(field)
        if field.data.casefold() == self.present.casefold():
            raise ValidationError(SAME_ADDRESS)


class _Wishes(Form):
    """The fields that both pages share."""

    variant = RadioField(mark("Language and script"), choices=LANGUAGES)
    cadence = RadioField(mark("How often"), choices=list(choices.RHYTHMS.items()))
    takes_urgent = BooleanField(mark("Send urgent updates at once, whatever I chose above"))
    hour = RadioField(mark("Time of day"))
    topics = SelectMultipleField(mark("Topics"))

    def offer(self, office: Office, shown: Variant) -> None:
        """Fill in what this office offers: its hours and its topics."""
        self.hour.choices = [(f"{hour:%H:%M}", f"{hour:%H:%M}") for hour in office.digest_hours]
        self.topics.choices = [(topic.id, office.topic_name(topic.id, shown)) for topic in office.topics]
        offered = [value for value, _ in (*self.hour.choices, *self.topics.choices)]
        self.langs = dict.fromkeys(offered, shown.lang)  # the office's own words, printed as they stand

    def choice(self, office: Office) -> Choice:
        return Choice(
            choices.picked(office, self.topics.data or ()),
            self.cadence.data,
            self.hour.data,
            Variant.of(self.variant.data),
            self.takes_urgent.data,
        )

    def validate_topics(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(NO_TOPIC)


class SubscribeForm(PublicForm, _Address, _Wishes):
    """One address and one button; the rest is chosen already."""


class PreferencesForm(_Wishes):
    """Everything a subscriber may change with the link of a mail."""

    pause = RadioField(
        mark("Pause"),
        choices=[
            ("no", mark("No pause")),
            ("30", mark("Pause for 30 days")),
            ("until", mark("Pause until a day you choose")),
        ],
        default="no",
    )
    pause_until = DateField(mark("First day with e-mail again"))

    def __init__(self, formdata: Any = None, *, today: date, **kwargs: Any) -> None:
        """`today`: the date on the office's clock."""
        super().__init__(formdata, **kwargs)
        self.today = today

    def validate_pause_until(self, field: DateField) -> None:
        field.errors = []  # a day that was left empty is a fault only where it is asked for
        if self.pause.data != "until":
            return
        if field.data is None or field.data <= self.today:
            raise ValidationError(PAUSE_PAST)
        if field.data > self.today + LONGEST_PAUSE:
            raise ValidationError(PAUSE_FAR)

    def paused_until(self, office: Office) -> datetime | None:
        """Midnight of the first day with mail again, on the office's clock."""
        until = {"no": None, "30": self.today + PAUSE, "until": self.pause_until.data}[self.pause.data]
        return datetime.combine(until, time(0), tzinfo=office.zone) if until else None


def asked(formdata: Any, office: Office, shown: Variant, now: datetime, topics: Collection[str] = ()) -> SubscribeForm:
    """The subscribe form: as it was sent, or with everything chosen beforehand, or of the topics only these."""
    known, usual = [topic.id for topic in office.topics], choices.usual(office, shown)
    form = SubscribeForm(
        formdata,
        now,
        data={
            "variant": usual.variant.segment,
            "cadence": usual.cadence,
            "hour": usual.hour,
            "topics": [topic for topic in known if topic in topics] or known,
        },
    )
    form.offer(office, shown)
    return form


def kept(
    formdata: Any, office: Office, shown: Variant, now: datetime, choice: Choice, paused_until: datetime | None
) -> PreferencesForm:
    """The preferences form: as it was sent, or as the choice stands."""
    today = now.astimezone(office.zone).date()
    is_paused = paused_until is not None and paused_until > now
    form = PreferencesForm(
        formdata,
        today=today,
        data={
            "variant": choice.variant.segment,
            "cadence": choice.cadence,
            "takes_urgent": choice.takes_urgent,
            "hour": choice.hour,
            "topics": choices.ticked(office, choice.topics),
            "pause": "until" if is_paused else "no",
            "pause_until": paused_until.astimezone(office.zone).date() if is_paused and paused_until else None,
        },
    )
    form.offer(office, shown)
    if choice.hour not in dict(form.hour.choices):  # the office has ceased to offer it
        form.hour.choices = sorted([*form.hour.choices, (choice.hour, choice.hour)])
        form.langs[choice.hour] = shown.lang
    return form
