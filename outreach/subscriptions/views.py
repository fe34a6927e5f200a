"""Every page of this room: those of the public, and those of the desk."""

from __future__ import annotations

from outreach.subscriptions import views_desk, views_lists, views_preferences, views_private, views_public

PUBLIC = (views_public.public, views_preferences.public, views_private.public)
STAFF = (views_desk.desk, views_lists.desk)
