"""Tables of contacts: people, organisations, who works where, their addresses, what they cover, what passed between us,
what they wish. Each subject folder of this room has its own tables beside these."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, cast, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.accounts.models import Account
from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal

OUTLET = "outlet"
ORGANISATION_KINDS = (
    OUTLET, "agency", "ngo", "institution", "ministry", "embassy", "academia", "international", "other",
)  # fmt: skip
BESIDE = {"beside": True}
"""The `info` of a table that is kept beside the record and made from it: a row there says nothing of its own."""
EMAIL, PHONE = "email", "phone"
ADDRESS_KINDS = (EMAIL, PHONE, "signal", "whatsapp", "viber", "telegram", "web", "other")
LAWFUL_BASES = ("legitimate_interest", "consent", "public_task")
"""GDPR Article 6(1) f, a and e; Serbia's personal data law (ZZPL) Article 12 has the same."""
HAD_DEADLINE = text("is_on_time IS NOT NULL")
FROM_THEMSELVES = ("inquiry", "card")
"""Sources that are the person: whoever wrote to us was told then and there (GDPR Article 13)."""
OWED_NOTICE = "person.noticed_at IS NULL AND person.ended_at IS NULL AND person.source NOT IN ('inquiry', 'card')"
"""Who is owed a notice, in the words of the index over them; a query that says the same finds them by it."""
_OWED = OWED_NOTICE.replace("person.", "")
_SAID = "CAST(person.languages AS TEXT)"
HAS_LANGUAGES = {
    "sqlite": f"{_SAID} <> '[]'",  # more than so many bytes do not go into an index of PostgreSQL:
    "postgresql": f"{_SAID} <> '[]' AND octet_length({_SAID}) < 1300",
}
"""Who works in languages that are known, in the words of the index over them, by the database's name."""
_ASKED = ["region", "preferred_variant", "owner_id", "last_contact_at", "do_not_contact"]
"""What the table asks of a person in the order of names; PostgreSQL keeps it beside the name and reads no row."""
_HAS_ENDED = text("ended_at IS NOT NULL")
IMPORT_STATES = READING, MAPPING, LOOKING, LOOKED_AT, APPLYING, DONE, UNDOING, UNDONE, DISCARDED = (
    "reading", "mapping", "looking", "looked_at", "applying", "done", "undoing", "undone", "discarded",
)  # fmt: skip


class Import(Model):
    """An uploaded file. `mapping`: field by number of column; `dropped`: heads of columns that were not kept at all;
    `counts`: rows by verdict; `next_row`: the first that is not looked at or applied yet, so that a crash costs no more
    than a batch (while it is undone, which goes backwards: the last)."""

    __tablename__ = "contact_import"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    content_hash: Mapped[str] = mapped_column(String(64), index=True, info=NOT_PERSONAL)
    format: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    encoding: Mapped[str] = mapped_column(String(20), default="", info=NOT_PERSONAL)
    delimiter: Mapped[str] = mapped_column(String(5), default="", info=NOT_PERSONAL)
    head: Mapped[list[str]] = mapped_column(JSON, info=NOT_PERSONAL)
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, info=NOT_PERSONAL)
    dropped: Mapped[list[str]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    source: Mapped[str] = mapped_column(String(120), info=NOT_PERSONAL)
    lawful_basis: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    state: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    rows: Mapped[int] = mapped_column(default=0)
    next_row: Mapped[int] = mapped_column(default=1)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, info=NOT_PERSONAL)
    actor_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Person(Model):
    """A human we know. `folded` is the name as search sees it, blind to script, diacritics and capitals.

    `name_latin` and `name_cyrillic` say how the name is written where the rules of transliteration would get it wrong.
    `noticed_at`: when they were told that we hold this (GDPR Article 14); None while a notice is due. `confirmed_at`:
    when somebody last said that the record is right. `survivor_id`: whom an absorbed record was merged into.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_folded", "folded", "id", "ended_at", postgresql_include=_ASKED),
        Index("ix_person_ended", "id", sqlite_where=_HAS_ENDED, postgresql_where=_HAS_ENDED),
        Index(
            "ix_person_barred", "id", sqlite_where=text("do_not_contact = 1"), postgresql_where=text("do_not_contact")
        ),
        Index("ix_person_owed_notice", "created_at", "id", sqlite_where=text(_OWED), postgresql_where=text(_OWED)),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(120), info=personal("identity"))
    folded: Mapped[str] = mapped_column(String(250), info=personal("identity"))
    name_latin: Mapped[str] = mapped_column(String(120), default="", info=personal("identity"))
    name_cyrillic: Mapped[str] = mapped_column(String(120), default="", info=personal("identity"))
    honorific: Mapped[str] = mapped_column(String(40), default="", info=personal("identity"))
    vocative: Mapped[str] = mapped_column(String(80), default="", info=personal("identity"))
    preferred_variant: Mapped[str] = mapped_column(String(3), default="en", info=NOT_PERSONAL)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list, info=personal("identity"))
    region: Mapped[str] = mapped_column(String(80), default="", index=True, info=personal("contact"))
    time_zone: Mapped[str] = mapped_column(String(60), default="", info=personal("contact"))
    channels: Mapped[list[str]] = mapped_column(JSON, default=list, info=personal("contact"))
    note: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    do_not_contact: Mapped[bool] = mapped_column(default=False)
    do_not_contact_at: Mapped[datetime | None] = mapped_column(Instant)
    do_not_contact_reason: Mapped[str] = mapped_column(String(300), default="", info=personal("content"))
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    source: Mapped[str] = mapped_column(String(120), info=NOT_PERSONAL)
    lawful_basis: Mapped[str] = mapped_column(String(40), index=True, info=NOT_PERSONAL)
    noticed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_contact_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    next_step: Mapped[str] = mapped_column(String(200), default="", info=personal("content"))
    next_step_on: Mapped[date | None] = mapped_column(index=True)
    import_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Import.id), index=True)
    survivor_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    addresses: Mapped[list[ContactAddress]] = relationship(
        order_by="(ContactAddress.position, ContactAddress.id)", cascade="all, delete-orphan"
    )
    beats: Mapped[list[PersonBeat]] = relationship(order_by="PersonBeat.beat", cascade="all, delete-orphan")
    affiliations: Mapped[list[Affiliation]] = relationship(
        back_populates="person", order_by="Affiliation.id", cascade="all, delete-orphan"
    )
    interactions: Mapped[list[Interaction]] = relationship(
        order_by="(Interaction.at.desc(), Interaction.id.desc())", cascade="all, delete-orphan"
    )

    @property
    def mailings_ref(self) -> str:
        """The owner of mailings to them in the outbox, by which these are cancelled."""
        return f"mailings:{self.id}"

    def current_affiliations(self) -> list[Affiliation]:
        return [affiliation for affiliation in self.affiliations if affiliation.ended_at is None]


_LIVING = text("ended_at IS NULL")
Index(
    "ix_person_last_right_at", func.coalesce(Person.confirmed_at, Person.created_at), Person.id,
    sqlite_where=_LIVING, postgresql_where=_LIVING,
)  # fmt: skip
Index(
    "ix_person_languages", cast(Person.languages, Text),
    sqlite_where=text(HAS_LANGUAGES["sqlite"].replace("person.", "")),
    postgresql_where=text(HAS_LANGUAGES["postgresql"].replace("person.", "")), postgresql_include=["id", "languages"],
)  # fmt: skip


class PersonBeat(Model):
    """What a person covers: lower-case words, such as "mine action"."""

    __tablename__ = "person_beat"
    __table_args__ = (Index("ix_person_beat_beat", "beat", "person_id"),)

    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), primary_key=True)
    beat: Mapped[str] = mapped_column(String(60), primary_key=True, info=personal("identity"))
    import_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Import.id), index=True)


class Organisation(Model):
    """An outlet, agency, NGO, ministry, embassy …, by its `kind`. `note`: who owns it, and what else we should know."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("kind", "folded"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(160), info=NOT_PERSONAL)
    folded: Mapped[str] = mapped_column(String(330), index=True, info=NOT_PERSONAL)
    kind: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    version: Mapped[int] = mapped_column(default=1)
    region: Mapped[str] = mapped_column(String(80), default="", info=NOT_PERSONAL)
    website: Mapped[str] = mapped_column(String(200), default="", info=NOT_PERSONAL)
    reach: Mapped[str] = mapped_column(String(120), default="", info=NOT_PERSONAL)
    editor_in_chief: Mapped[str] = mapped_column(String(120), default="", info=personal("identity"))
    note: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    source: Mapped[str] = mapped_column(String(120), info=NOT_PERSONAL)
    created_at: Mapped[datetime] = mapped_column(Instant)
    import_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Import.id), index=True)

    affiliations: Mapped[list[Affiliation]] = relationship(back_populates="organisation", order_by="Affiliation.id")
    addresses: Mapped[list[ContactAddress]] = relationship(
        order_by="(ContactAddress.position, ContactAddress.id)", cascade="all, delete-orphan"
    )


class Affiliation(Model):
    """Who works where: person, organisation, title, from and to. `changed_at`: when it was last changed by hand."""

    __tablename__ = "affiliation"
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id", "title"),
        Index("ix_affiliation_organisation_id", "organisation_id", "ended_at", "person_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(120), default="", info=personal("identity"))
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    import_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Import.id), index=True)

    person: Mapped[Person] = relationship(back_populates="affiliations")
    organisation: Mapped[Organisation] = relationship(back_populates="affiliations")


class ContactAddress(Model):
    """One way to reach a person or an organisation: e-mail, phone or another channel, as given and as compared.

    The lowest `position` is preferred; `label` says which it is ("work", "newsroom"). `changed_at`: when somebody last
    changed it, or its place among the others, by hand.
    """

    __tablename__ = "contact_address"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "address_hash"),
        UniqueConstraint("organisation_id", "kind", "address_hash"),
        Index("ix_contact_address_address_hash", "address_hash", "person_id"),
        CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name="one_owner"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    value: Mapped[str] = mapped_column(String(254), info=personal("contact"))
    folded: Mapped[str] = mapped_column(String(254), index=True, info=personal("contact"))
    address_hash: Mapped[str] = mapped_column(String(64), info=personal("contact"))
    position: Mapped[int] = mapped_column(default=0)
    label: Mapped[str] = mapped_column(String(40), default="", info=NOT_PERSONAL)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    import_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Import.id), index=True)


class Interaction(Model):
    """Something that passed between a person and us, written down by the room where it happened, or by hand.

    `path`: the page that has more, or nothing; `text`: what was said; `actor_id`: who wrote it down by hand;
    `is_on_time`: of an answer, whether it left before the deadline, None where there was none.
    """

    __tablename__ = "interaction"
    __table_args__ = (
        Index(
            "ix_interaction_on_time",
            "is_on_time",
            "person_id",
            sqlite_where=HAD_DEADLINE,
            postgresql_where=HAD_DEADLINE,
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    ref: Mapped[str] = mapped_column(String(120), index=True, info=NOT_PERSONAL)
    path: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(Instant)
    summary: Mapped[str] = mapped_column(String(300), info=personal("content"))
    text: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    actor_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    is_on_time: Mapped[bool | None]


class Wish(Model):
    """Somebody asked, in a room above, to be mailed what we publish; it lies here until subscriptions take it up.

    `ref` is what they asked it with ("inquiry:26-10432-7"), `source` where, `wording` the words that stood there in
    `variant`.
    """

    __tablename__ = "wish"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ref: Mapped[str] = mapped_column(String(80), unique=True, info=NOT_PERSONAL)
    address: Mapped[str] = mapped_column(String(254), info=personal("contact"))
    variant: Mapped[str] = mapped_column(String(3), info=NOT_PERSONAL)
    source: Mapped[str] = mapped_column(String(120), info=NOT_PERSONAL)
    wording: Mapped[str] = mapped_column(Text, info=NOT_PERSONAL)
    asked_at: Mapped[datetime] = mapped_column(Instant)
