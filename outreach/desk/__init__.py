"""Desk: the officer's first screen, the search over everything, the log and the own page.

It owns no record. *Today* asks the rooms below seven questions in a fixed order, each by itself, so that a room that
cannot answer costs one line and not the page.
"""
