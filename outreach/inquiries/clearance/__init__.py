"""Clearance: sign-off of an exact text (its hash): requested, granted or refused, by account or by signed link.

Verbs: ask, decide, withdraw, plan. An edit after it voids it, because the hash no longer fits.
"""
