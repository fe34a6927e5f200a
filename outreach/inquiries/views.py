"""Every page of this room: those of the public, and those of the desk."""

from __future__ import annotations

from outreach.inquiries import views_call, views_case, views_draft, views_form, views_queue, views_status
from outreach.inquiries.arrivals import views as arrivals
from outreach.inquiries.clearance import views_desk as clearance_desk
from outreach.inquiries.clearance import views_link as clearance_link
from outreach.inquiries.duty import views_calendars, views_handover, views_rota
from outreach.inquiries.files import views as files
from outreach.inquiries.lines import views as lines
from outreach.inquiries.released import views as released
from outreach.inquiries.released import views_check
from outreach.inquiries.reports import views as reports
from outreach.inquiries.stories import views as stories
from outreach.inquiries.views_desk import desk
from outreach.inquiries.views_pages import public

PUBLIC = (public, files.public, clearance_link.public, views_check.public, views_check.root, views_calendars.feeds)
STAFF = (
    desk,
    files.desk,
    arrivals.desk,
    clearance_desk.desk,
    lines.desk,
    released.desk,
    stories.desk,
    views_rota.desk,
    reports.desk,
)
#: Importing them gives the blueprints their pages.
WRITTEN_IN = (views_call, views_case, views_draft, views_form, views_handover, views_queue, views_status)
