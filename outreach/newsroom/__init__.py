"""The newsroom: Markdown files in content/ become published, searchable pages in three variants.

Verbs: read the content, note a publication, hold and release, open the library, publish, withdraw, preview. Words: a
document has one file per language (slug.en.md, slug.sr.md; Serbian in Cyrillic, Latin derived); a version is one text
of it that we have seen; a publication is one public moment of it (first, change note, correction), noted when it really
happened; a fault is a line of a file that keeps its new text out while the last good version stays.
"""
