"""Signatures: the end of an e-mail, pasted, is read into proposed fields of a record. Nothing is kept by reading.

Verbs: read. What is ticked goes into the form of a person, which an officer saves or does not.
"""
