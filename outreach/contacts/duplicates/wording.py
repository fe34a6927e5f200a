"""Why two records may be one person, in words."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.contacts.duplicates import likeness
from outreach.contacts.models import EMAIL, PHONE
from outreach.forms import Said
from outreach.language import mark

OF_ADDRESSES = {
    EMAIL: mark("Same e-mail address as {who}"),
    PHONE: mark("Same phone as {who}"),
    likeness.DESK: mark("Same desk address or number as {who}, which many may share"),
}
OF_OTHER_CHANNEL = mark("Same {channel} as {who}")
OF_NAMES = {
    likeness.SAME_NAME: mark("Same name as {who}, in any script and order"),
    likeness.SLIP: mark("Name like {who}, a letter or two apart"),
    likeness.SLIPS: mark("Name like {who}, a letter or two apart"),
    likeness.INITIAL: mark("Initial and surname fit {who}"),
    likeness.LONGER: mark("Name fits {who}, with one word more: a second surname perhaps"),
    likeness.ONE_WORD: mark("One word of the name as {who}"),
}
OF_OUTLET = mark("Same outlet as {who}")


def said(reasons: Sequence[Sequence[str]], name: str, outlet: str = "") -> list[Said]:
    """Each reason, the strongest first; `name` and `outlet` are the other's."""
    who = f"{name} ({outlet})" if outlet else name
    words: list[Said] = []
    for code, _ in reasons:
        told = OF_ADDRESSES.get(code) or OF_NAMES.get(code) or (OF_OUTLET if code == likeness.OUTLET else None)
        words.append(Said(told, who=who) if told else Said(OF_OTHER_CHANNEL, channel=code, who=who))
    return words
