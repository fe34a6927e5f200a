"""Every page of this room: those of the public, and those of the desk."""

from __future__ import annotations

from outreach.inquiries import views_case, views_form, views_queue, views_status
from outreach.inquiries.lines import views as lines
from outreach.inquiries.released import views as released
from outreach.inquiries.released import views_check
from outreach.inquiries.stories import views as stories
from outreach.inquiries.views_desk import desk
from outreach.inquiries.views_pages import public

PUBLIC = (public, views_check.public, views_check.root)
STAFF = (desk, lines.desk, released.desk, stories.desk)
WRITTEN_IN = (views_case, views_form, views_queue, views_status)  # importing them gives the blueprints their pages
