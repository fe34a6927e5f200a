"""Every page of this room: those of the public, and those of the desk."""

from __future__ import annotations

from outreach.briefings import views_steps
from outreach.briefings.views_desk import desk
from outreach.briefings.views_public import public

PUBLIC = (public,)
STAFF = (desk,)
#: Importing them gives the blueprint its pages.
WRITTEN_IN = (views_steps,)
