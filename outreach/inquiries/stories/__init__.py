"""Stories: questions of several outlets on one topic, one cleared answer, one moment at which all of them get it.

Verbs: gather, join, leave, write, release.
"""
