"""All public pages of inquiries under one blueprint."""

from __future__ import annotations

from outreach.inquiries import views_form, views_status
from outreach.inquiries.views_pages import public

__all__ = ["public", "views_form", "views_status"]
