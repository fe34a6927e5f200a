"""Every page of this room: those of the public, and those of the desk."""

from __future__ import annotations

from outreach.digests import views_copies, views_desk, views_flight, views_public

PUBLIC = (views_public.public,)
STAFF = (views_desk.desk, views_flight.flight, views_copies.desk)
