"""Exports: people leave the register as a file, by list, segment or filter.

Verb: take out. It is a right of its own and asks for the password again and for a *purpose*; the log keeps who took
out how many, in which format and what for. The heads of a table are a format, the same in every
language. Under the two-person rule a file of more than one person waits for a second word.
"""
