"""Privacy: what a person may ask of the office about what is held on them, over what the rooms below declare.

Verbs: show everything that is held, erase it everywhere, keep a refusal through the restore of a backup, say who was
looked at or taken out. The *subject* is one person with all their records; a *mention* is a text of somebody else's
that names them; the *refusals* are a file beside the database.
"""
