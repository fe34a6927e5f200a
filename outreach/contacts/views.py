"""Every page of this room: those of the people in it, and those of the desk."""

from __future__ import annotations

from outreach.contacts import views_organisations, views_record, views_timeline
from outreach.contacts.card import views as card
from outreach.contacts.card import views_public as own_card
from outreach.contacts.duplicates import views as duplicates
from outreach.contacts.exports import views as exports
from outreach.contacts.imports import views as imports
from outreach.contacts.lists import views as lists
from outreach.contacts.lists import views_segments as segments
from outreach.contacts.signatures import views as signatures
from outreach.contacts.stale import views as stale
from outreach.contacts.table import views as table
from outreach.contacts.views_desk import desk

PUBLIC = (own_card.public,)
STAFF = (
    desk,
    table.desk,
    lists.desk,
    segments.desk,
    duplicates.desk,
    imports.desk,
    exports.desk,
    signatures.desk,
    stale.desk,
    card.desk,
)
#: Importing them gives the blueprint its pages.
WRITTEN_IN = (views_organisations, views_record, views_timeline)
