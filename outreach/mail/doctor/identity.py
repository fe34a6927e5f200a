"""Whether receivers can tell that a mail is the office's: SPF, DKIM, DMARC, and that all three speak of one domain."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.mail.doctor import dkim, dmarc, spf
from outreach.mail.doctor.nameserver import Address
from outreach.mail.doctor.patient import MISSING, OK, UNKNOWN, WRONG, Finding, Patient


def sender_policy(who: Patient) -> Iterator[Finding]:
    """SPF: the record is there, can be used, closes the list, and names the address that mail leaves from."""
    what = f"SPF of {who.envelope}"
    if not spf.records(who.envelope, who.ask):
        yield Finding(MISSING, what, "no record", f"Put this TXT record at {who.envelope}: {_own_policy(who)}")
        return
    try:
        yield from _usable_policy(who, what)
    except spf.Unusable as wrong:
        yield Finding(WRONG, what, str(wrong), f"Keep one TXT record at {who.envelope}, such as {_own_policy(who)}")


def _usable_policy(who: Patient, what: str) -> Iterator[Finding]:
    walk = spf.Walk(who.ask)
    end = walk.verdict(who.envelope)
    if end == spf.NEUTRAL and walk.has_macros:
        yield Finding(UNKNOWN, what, "it is made anew for each mail, which cannot be judged here")
    elif end in (spf.PASS, spf.NEUTRAL):
        yield Finding(WRONG, what, "the record refuses nobody", f"End it with -all at {who.envelope}")
    else:
        yield Finding(OK, what, f"one record, {walk.lookups} of {spf.MOST_LOOKUPS} lookups, ends in {end}all")
    if who.leaves_from is None or walk.has_macros:
        return
    what = f"SPF for {who.leaves_from}"
    if spf.Walk(who.ask, who.leaves_from).verdict(who.envelope) == spf.PASS:
        yield Finding(OK, what, f"it may send for {who.envelope}")
    else:
        advice = f"Add {_mechanism(who.leaves_from)} to the SPF record at {who.envelope}"
        yield Finding(WRONG, what, f"it may not send for {who.envelope}", advice)


def envelope_alignment(who: Patient) -> Iterator[Finding]:
    """M-11: MAIL FROM belongs to the domain of From."""
    yield _alignment(who, "MAIL FROM", who.envelope, "aspf", f"Let bounces go to an address at {who.domain}")


def keys(who: Patient) -> Iterator[Finding]:
    """DKIM: the keys are there and good, and belong to the domain of From."""
    if not who.keys:
        yield from _no_key(who)
    for name in who.keys:
        what, records = f"DKIM key {name}", who.ask(name, "TXT")
        if not records:
            advice = f"Put the TXT record of the mail server's key at {name}: v=DKIM1; k=rsa; p=…"
            yield Finding(MISSING, what, "no record", advice)
        elif len(records) > 1 or dkim.what_is_wrong(records[0]):
            found = f"{len(records)} records" if len(records) > 1 else dkim.what_is_wrong(records[0])
            yield Finding(WRONG, what, found, f"Put one TXT record with the mail server's public key at {name}")
        else:
            yield _good_key(what, records[0])
        domain = name.partition("._domainkey.")[2]
        yield _alignment(who, "DKIM", domain, "adkim", f"Let the mail server sign with d={who.domain}")


def coverage(who: Patient) -> Iterator[Finding]:
    """M-10: what the signatures of a mail that arrived cover."""
    for signature in who.signatures or []:
        what = f"DKIM signature of {signature.domain}"
        if signature.uncovered:
            advice = "Let the mail server sign these headers, From twice"
            yield Finding(WRONG, what, f"does not cover {', '.join(signature.uncovered)}", advice)
        else:
            yield Finding(OK, what, "covers what it must")


def policy(who: Patient) -> Iterator[Finding]:
    """DMARC: a policy holds for the domain of From."""
    what, put = f"DMARC of {who.domain}", f"v=DMARC1; p=none; rua=mailto:postmaster@{who.domain}"
    advice = f"Put this TXT record at _dmarc.{who.domain}: {put}"
    here = dmarc.records(who.domain, who.ask)
    if len(here) > 1:
        yield Finding(WRONG, what, f"{len(here)} records, which count as none", f"Keep one at _dmarc.{who.domain}")
        return
    held = dmarc.policy(who.domain, who.ask)
    if held is None:
        yield Finding(MISSING, what, "no record", advice)
        return
    at, tags = held
    wanted = tags.get("p", "") if at == who.domain else tags.get("sp", tags.get("p", ""))
    if wanted.lower() not in dmarc.POLICIES:
        yield Finding(WRONG, what, f"the record at _dmarc.{at} has no policy (p=)", advice)
    else:
        yield Finding(OK, what, f"policy {wanted.lower()}, from _dmarc.{at}")


def _alignment(who: Patient, what: str, domain: str, tag: str, advice: str) -> Finding:
    held = dmarc.policy(who.domain, who.ask)
    is_strict = held is not None and held[1].get(tag, "r").lower() == "s"
    label = f"{what} and From"
    if dmarc.is_aligned(who.domain, domain, is_strict, who.ask):
        return Finding(OK, label, f"{domain} is aligned with {who.domain}")
    return Finding(WRONG, label, f"{domain} is not aligned with {who.domain}", advice)


def _no_key(who: Patient) -> Iterator[Finding]:
    if who.signatures is not None:
        yield Finding(MISSING, "DKIM signature", "the mail arrived without one", "Let the mail server sign with DKIM")
        return
    advice = "Set MAIL_DKIM to the DNS name of the mail server's key, or give a mail as it arrived with --received"
    yield Finding(UNKNOWN, "DKIM key", "its name is not known here", advice)


def _good_key(what: str, record: str) -> Finding:
    length = dkim.bits(record)
    is_short = 256 < length < dkim.GOOD_BITS
    return Finding(OK, what, f"{length} bits", f"The next one should have {dkim.GOOD_BITS}" if is_short else "")


def _own_policy(who: Patient) -> str:
    """An SPF record that names as much as is known of where mail leaves from."""
    if who.leaves_from:
        return f"v=spf1 {_mechanism(who.leaves_from)} -all"
    return f"v=spf1 {f'a:{who.relay}' if who.relay else 'mx'} -all"


def _mechanism(address: Address) -> str:
    return f"ip{address.version}:{address}"
