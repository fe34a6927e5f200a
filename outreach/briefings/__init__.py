"""Briefings: mailings to a press list or a segment.

Verbs: write, hand on, release, stop, plan, settle, object. Words: a *mailing* is an advisory, a statement or an
invitation; its *recipients* are mailed or skipped with a reason; nothing leaves before a *second word*, and *stop*
calls back what has not left. Whoever objects by the link in a mailing gets none again.
"""
