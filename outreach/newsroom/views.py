"""Every page of this room: those of the public, and those of the desk."""

from __future__ import annotations

from outreach.newsroom import views_desk, views_feeds, views_map, views_public, views_records, views_search

PUBLIC = (
    views_public.root,
    views_public.public,
    views_records.public,
    views_map.public,
    views_search.public,
    views_feeds.root,
    views_feeds.public,
)
STAFF = (views_desk.desk,)
