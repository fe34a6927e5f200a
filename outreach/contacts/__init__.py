"""Contacts: people we know, the organisations they work for, and what has passed between us.

Verbs: take in somebody from an inquiry, find a person by address, note an interaction or a wish, edit a person. Words:
*person*, *organisation* (an *outlet* is one kind), *affiliation* (who works where), *interaction*, *wish* (to be mailed
what we publish), *do not contact* (on a person; a suppression is on an address and belongs to mail). Names are found
blind to script and diacritics.
"""
