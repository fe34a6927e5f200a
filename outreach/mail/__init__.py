"""Everything that leaves the office by e-mail, and what comes in (`inbound`). A mail is first a row (`outbox.enqueue`),
made of blocks that many mails share and of values that concern one person; `jobs.work` is the process that hands rows
to a mail server, one envelope per recipient, and records what became of each attempt. Words: outbox email, attempt,
suppression, transport, seat (what a worker process holds while it lives), point of no return (the final dot). Verbs:
render, enqueue, cancel, suppress, claim, mark, record, reap.
"""
