"""Words by which a line of a signature is known, as `serbian.fold` writes them: no script, marks or capitals."""

from __future__ import annotations

import re

from outreach.serbian import fold


def _one_of(stems: str) -> re.Pattern[str]:
    """Any of these words; one that ends in * may go on."""
    written = "|".join(re.escape(stem.rstrip("*")) + (r"\w*" if stem.endswith("*") else "") for stem in stems.split())
    return re.compile(rf"(?<!\w)(?:{written})(?!\w)")


ROLE = _one_of(
    "editor* journalist* reporter* correspondent* producer* anchor presenter host columnist photographer cameraman "
    "freelanc* director* head chief deputy officer* manager* adviser* advisor* coordinator* assistant secretary "
    "spokesperson spokeswoman spokesman analyst researcher professor lecturer attache counsellor president founder "
    "specialist consultant lead intern fellow "
    "urednik* urednic* novinar* dopisni* reporterk* voditelj* producent* kolumnist* fotoreporter* snimatelj* montazer* "
    "direktor* sef sefica zamenik* zamenic* savetnik* savetnic* koordinator* sekretar* portparol* saradnik* saradnic* "
    "nacelnik* nacelnic* rukovodi* menadzer* asistent* analitic* istraziva* profesor* docent predsedni* sluzbenik* "
    "atase glavni odgovorni izvrsni frilens* pr"
)
PLACE = _one_of(
    "radio television televizija rtv tv news agency agencij* daily weekly times post herald gazette tribune courier "
    "observer media medij* press magazin* journal review broadcaster broadcasting network mrez* portal* redakcij* "
    "newsroom dnevni* nedeljni* list novine casopis* glasnik* ministry ministarstv* embassy ambasad* institut* "
    "university univerzitet* faculty fakultet* foundation fondacij* cent* association udruzenj* mission misij* "
    "delegation delegacij* council savet komitet* committee savez* organisation organization organizacij* office "
    "kancelarij* ngo nvo studio group grupa forum* uprav* sluzb* department sektor* odeljenj* doo ltd inc gmbh "
    "academy akademij* society drustv* stampa company kompanij* alliance federation"
)
STREET = _one_of(
    "street st road rd avenue ave square floor lane suite building box bb ulica ul bulevar bul trg sprat stan kej "
    "naselje beograd belgrade novi nis kragujevac subotica"
)
SIGN_OFF = _one_of(
    "regards sincerely cheers thanks best kind yours poštovanjem postovanjem postovanje pozdrav* srdacan srdacno hvala "
    "unapred sent poslato iphone android mobile original"
)
SERBIAN = _one_of(
    "urednik* urednic* novinar* dopisni* koordinatork* savetnic* direktor* portparol* saradni* fondacij* udruzenj* "
    "televizij* agencij* ministarstv* univerzitet* fakultet* redakcij* portal ulica bulevar trg pozdrav* postovanj* "
    "hvala srdacan beograd novi za"
)
HONORIFIC = re.compile(
    r"^((?:(?:prof|dr|mr|ms|mrs|miss|mag|sir|msc|проф|др|мр|г|гђа|gđa|g|gdin|gospodin|gospođa)\.?\s+(?=\S))+)(?=\w)",
    re.IGNORECASE,
)
CHANNELS = {"whatsapp": "whatsapp", "viber": "viber", "signal": "signal", "telegram": "telegram"}
MOBILE = _one_of("m mob* cell* mobil* gsm")
FAX = _one_of("f fax faks telefaks")


def has(words: re.Pattern[str], text: str) -> bool:
    return words.search(fold(text)) is not None


def begins_or_ends(words: re.Pattern[str], text: str) -> bool:
    """Whether one of the words is the first or the last of the text."""
    ends = fold(text).split()
    return any(words.fullmatch(end.strip(".,:;()")) for end in (ends[0], ends[-1])) if ends else False
