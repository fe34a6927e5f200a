"""The card: what a person sees of their own record, by a signed link that an officer sends or copies to them.

Verbs: send or write a link, ask for a correction or for erasure, object, settle what was asked. A *card request* lies
there until staff settle it; an objection holds at once.
"""
