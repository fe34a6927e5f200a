"""Every mail there is, in the words of its sample."""

from __future__ import annotations

from outreach.house import House
from outreach.language import Variant
from outreach.mail import compose
from outreach.mail.compose import Words
from tests.golden import digest_sample
from tests.golden.samples import SAMPLES

NAMES = sorted({*SAMPLES, "digest"})


def words_of(house: House, name: str, variant: Variant) -> Words:
    """A mail of one room is a template and its values; a digest is put together from pieces."""
    if name == "digest":
        return digest_sample.words(house, variant)
    return compose.render(house, name, variant, **SAMPLES[name])
