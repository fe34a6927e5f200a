"""Sets of people that staff keep: press lists by hand, and segments, which are saved filters evaluated live.

Verbs: keep, rename, add, remove, end. Words: *press list*, *member*, *segment*. `members` streams who is in one now.
"""
