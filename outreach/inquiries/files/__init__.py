"""Files that come with an inquiry or leave with an answer: known by their content, kept outside the web root.

Verbs: take in, serve as a download, drop. Images lose their metadata; there is a total quota.
"""
