"""Lines to take: agreed wording with an owner and an expiry, in both languages, inserted into answers.

Verbs: keep, check, end, insert.
"""
