"""Reports: a month in figures, each of which leads to the inquiries behind it.

Verbs: month (the figures), taken (the filter words of the queue, by which a figure finds its list).
No officer is ranked.
"""
