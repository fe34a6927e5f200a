"""Mail that journalists write: matched with its inquiry by a secret address or by the thread it answers, never by its
subject, and put into the inquiry's thread; what cannot be matched waits for a person with a guess beside it.
Nothing here answers a mail. Verbs: sort, take in, attach, begin.
"""
