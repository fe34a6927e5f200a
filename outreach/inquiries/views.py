"""Every page of this room: those of the public, and those of the desk."""

from __future__ import annotations

from outreach.inquiries import views_case, views_form, views_queue, views_status
from outreach.inquiries.duty import views_calendars, views_handover, views_rota
from outreach.inquiries.reports import views as reports
from outreach.inquiries.views_desk import desk
from outreach.inquiries.views_pages import public

PUBLIC = (public, views_calendars.feeds)
STAFF = (desk, views_rota.desk, reports.desk)
# Importing them gives the blueprints their pages.
WRITTEN_IN = (views_calendars, views_case, views_form, views_handover, views_queue, views_status)
