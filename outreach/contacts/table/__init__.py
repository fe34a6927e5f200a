"""The table of people: what is asked of it stands in its address, and a page costs the same however many there are.

Verbs: change a row, do something with the ticked ones. Words: *asked* (filters, sort and columns, as an address says
them), *part* (one filter in the database's words).
"""
