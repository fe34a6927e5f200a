"""The pages of a record, gathered: importing them here puts those of the contacts' own blueprint on it."""

from __future__ import annotations

from flask import Blueprint

from outreach.contacts import views_organisations, views_record, views_timeline
from outreach.contacts.card import views as card
from outreach.contacts.card import views_public as own_card
from outreach.contacts.signatures import views as signatures
from outreach.contacts.stale import views as stale

PAGES: tuple[Blueprint, ...] = (signatures.desk, stale.desk, card.desk, own_card.public)

__all__ = ["PAGES", "views_organisations", "views_record", "views_timeline"]
