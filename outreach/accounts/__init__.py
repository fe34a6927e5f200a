"""Accounts: the staff of the office, who may enter which room, and their sessions.

Verbs: invite, accept, end an account, end sessions. Words: an *account* belongs to one member of staff and carries
*roles*; an *invitation* is a one-time link to an account that does not exist yet; a *session* is one signed-in browser.
`access` is the doorkeeper: it alone knows Flask-Security, and it holds every request to what its route declares.
"""
