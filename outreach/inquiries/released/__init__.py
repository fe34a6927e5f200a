"""Released answers: everything we ever said, as it left; the memory of the desk, and what a quote is checked against.

Verbs: look up (script-blind), check a quote, correct what was said.
"""
