"""Every page of this room: those of the public, and those of the desk."""

from __future__ import annotations

from outreach.inquiries import views_desk, views_public

PUBLIC = (views_public.public,)
STAFF = (views_desk.desk,)
