"""Duplicates: two records that may be one person are found, judged by somebody, and merged without losing a past.

Verbs: file a person's comparison keys, find candidate pairs, judge a pair, merge, undo a merge. Words: *candidate
pair*, *judgement* (same, different, unsure), *survivor* and *absorbed*. Nothing here merges by itself.
"""
