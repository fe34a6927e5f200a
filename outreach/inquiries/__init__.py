"""A journalist asks; the desk answers by the deadline.

An *inquiry* carries numbered *questions*, a *deadline* (the journalist's, with its zone and the words as
typed), a *suspense* (ours, earlier) and a *reference* that can be read out on the telephone. Its verbs are
receive, edit, follow up, withdraw (the journalist) and accept, note, answer, release (the desk). Every
transition is an event row: who, when, from, to.
"""
