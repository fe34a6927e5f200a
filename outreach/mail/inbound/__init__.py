"""Mail that comes back and mail that comes in. Foreign bytes are read (`reading`) outside of any transaction, then
taken in one (`taking`): bounces and complaints are settled at once, mails that stop a subscription wait for the room
that keeps it, and whatever nobody can tell waits for a person. Nothing here ever sends a mail, so there is no loop.
Verbs: read, take, settle, wait, pull.
"""
