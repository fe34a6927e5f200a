"""Every page of this room: those of the public, and those of the desk."""

from __future__ import annotations

from outreach.inquiries import views_case, views_draft, views_form, views_queue, views_status
from outreach.inquiries.clearance import views_desk as clearance_desk
from outreach.inquiries.clearance import views_link as clearance_link
from outreach.inquiries.views_desk import desk
from outreach.inquiries.views_pages import public

PUBLIC = (public, clearance_link.public)
STAFF = (desk, clearance_desk.desk)
WRITTEN_IN = (
    views_case,
    views_draft,
    views_form,
    views_queue,
    views_status,
)  # importing them gives the blueprints their pages
