"""What a DMARC record says (RFC 9989): the policy for a domain, and which domains count as one with it."""

from __future__ import annotations

from outreach.mail.doctor.nameserver import Ask

MOST_STEPS = 8  # questions of one walk up the tree
POLICIES = ("none", "quarantine", "reject")

Tags = dict[str, str]


def tags(record: str) -> Tags:
    """The tags of a DMARC or DKIM record or a DKIM signature, names in lower case, values without spaces around."""
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def records(domain: str, ask: Ask) -> list[str]:
    """The DMARC records that stand at a domain itself; more than one count as none."""
    return [text for text in ask(f"_dmarc.{domain}", "TXT") if text.partition(";")[0].replace(" ", "") == "v=DMARC1"]


def walk(domain: str, ask: Ask) -> list[tuple[str, Tags]]:
    """The records from a domain up the tree, its own first (4.10); none above one whose `psd` ends it."""
    found: list[tuple[str, Tags]] = []
    labels = domain.split(".")
    for _ in range(MOST_STEPS):
        here = ".".join(labels)
        at_it = records(here, ask)
        if len(at_it) == 1:
            found.append((here, tags(at_it[0])))
            if found[-1][1].get("psd", "u") in ("y", "n"):
                break
        labels = labels[1:] if len(labels) < MOST_STEPS else labels[1 - MOST_STEPS :]
        if not labels:
            break
    return found


def organisation(domain: str, ask: Ask) -> str:
    """The domain that stands for the whole organisation (4.10.2)."""
    found = walk(domain, ask)
    if not found:
        return domain
    top, its = found[-1]
    if its.get("psd") == "y" and top != domain:
        return ".".join(domain.split(".")[-top.count(".") - 2 :])
    return top


def policy(domain: str, ask: Ask) -> tuple[str, Tags] | None:
    """The record that holds for mail from a domain, and the domain it stands at."""
    found = walk(domain, ask)
    if not found or found[0][0] == domain:
        return found[0] if found else None
    whole = organisation(domain, ask)
    return next((entry for entry in found if entry[0] == whole), found[-1])


def is_aligned(sender: str, other: str, is_strict: bool, ask: Ask) -> bool:
    """Whether another domain counts as the sender's: the same, or, unless strict, of the same organisation."""
    if sender == other or is_strict:
        return sender == other
    return organisation(sender, ask) == organisation(other, ask)
