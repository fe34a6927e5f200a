"""Django's side: its settings, SQLite as its documentation sets it up for writing, and the tables.

WAL, BEGIN IMMEDIATE, twenty seconds of patience, FULL.
"""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.conf import settings
from django.db import models

FOLDER = Path(os.environ["PEER_FOLDER"])
FOR_LOOPBACK_ONLY = "a key that nothing but this benchmark has"
settings.configure(
    DEBUG=False, SECRET_KEY=FOR_LOOPBACK_ONLY,
    ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF="peer",
    USE_TZ=True, TIME_ZONE="UTC", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", INSTALLED_APPS=[],
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    DATABASES={"default": {
        "ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "peer.db", "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE", "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }},
)  # fmt: skip
django.setup()


class Account(models.Model):
    email = models.CharField(max_length=254, unique=True)
    active = models.BooleanField(default=True)

    class Meta:
        app_label = "peer"


class DutyTurn(models.Model):
    account = models.ForeignKey(Account, models.CASCADE)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "peer"


class Person(models.Model):
    name = models.CharField(max_length=100)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "peer"


class ContactAddress(models.Model):
    person = models.ForeignKey(Person, models.CASCADE)
    address_hash = models.CharField(max_length=64, db_index=True)

    class Meta:
        app_label = "peer"


class Suppression(models.Model):
    address_hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=10)

    class Meta:
        app_label = "peer"


class Inquiry(models.Model):
    reference = models.CharField(max_length=10, unique=True)
    nonce = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.SET_NULL, null=True)
    state = models.CharField(max_length=20, db_index=True)
    needs = models.JSONField()
    subject = models.CharField(max_length=120)
    story = models.TextField(default="")
    about = models.CharField(max_length=60, default="")
    details = models.JSONField(default=dict)
    deadline_choice = models.CharField(max_length=10)
    deadline_day = models.CharField(max_length=60)
    deadline_hour = models.CharField(max_length=60)
    publishes_anyway = models.BooleanField(default=False)
    publication_on = models.DateField(null=True)
    deadline_at = models.DateTimeField(db_index=True)
    suspense_at = models.DateTimeField()
    commit_by_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    outlet = models.CharField(max_length=120)
    byline = models.CharField(max_length=300, default="")
    channels = models.JSONField(default=list)
    other_handle = models.CharField(max_length=120, default="")
    email = models.CharField(max_length=254)
    phone = models.CharField(max_length=60)
    reply = models.CharField(max_length=3)
    terms = models.CharField(max_length=20)
    folded = models.TextField()
    received_at = models.DateTimeField(db_index=True)
    changed_at = models.DateTimeField()
    last_in_at = models.DateTimeField()
    mail_thread = models.CharField(max_length=200)

    class Meta:
        app_label = "peer"


class Question(models.Model):
    inquiry = models.ForeignKey(Inquiry, models.CASCADE)
    number = models.IntegerField()
    text = models.TextField()

    class Meta:
        app_label = "peer"
        unique_together = (("inquiry", "number"),)


class InquiryEvent(models.Model):
    inquiry = models.ForeignKey(Inquiry, models.CASCADE)
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    to_state = models.CharField(max_length=20)

    class Meta:
        app_label = "peer"


class AuditEntry(models.Model):
    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=80)
    obj = models.CharField(max_length=120, db_index=True)
    detail = models.JSONField()

    class Meta:
        app_label = "peer"


class RateCount(models.Model):
    who = models.CharField(max_length=64, primary_key=True)
    ends_at = models.DateTimeField(db_index=True)
    count = models.IntegerField()

    class Meta:
        app_label = "peer"


class OutboxEmail(models.Model):
    ref = models.CharField(max_length=80, db_index=True)
    to_address = models.CharField(max_length=254)
    message_id = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    state = models.CharField(max_length=10)
    next_at = models.DateTimeField(null=True, db_index=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "peer"


MODELS = (
    Account, DutyTurn, Person, ContactAddress, Suppression, Inquiry, Question, InquiryEvent, AuditEntry, RateCount,
    OutboxEmail,
)  # fmt: skip
