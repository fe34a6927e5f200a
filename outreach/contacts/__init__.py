"""Contacts: people we know, the organisations they work for, and what has passed between us.

Verbs: take in somebody from an inquiry, add, change, end and erase a person, add and change an organisation, find a
person by address, note an interaction or a wish, log a contact, set the next step, tell who was given notice. Words:
*person*, *organisation* (an *outlet* is one kind), *affiliation* (who works where), *interaction*, *wish* (to be mailed
what we publish), *do not contact* (on a person; a suppression is on an address and belongs to mail). Names are found
blind to script and diacritics.
"""
