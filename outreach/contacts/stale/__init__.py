"""Stale contacts: a work queue of records that may not be right any more, each with the step that settles it.

Verbs: confirm, end, bring back, drop an address. Words: *bounced*, *unconfirmed* (nobody said for a year that it is
right), *silent* (no contact for long), *notice due* (GDPR Article 14), *overdue* (the next step).
"""
