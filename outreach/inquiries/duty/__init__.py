"""Duty: who is on duty when, what they are reminded of, the next shift's page, and calendars to subscribe to.

Verbs: put on duty, remind, hand over.
"""
