"""People that nobody is, and the same people a second time: a set of which it is known who is who.

Names are drawn from word lists, common ones more often, as in life, so that the set is full of namesakes. Each person
works at one of 1,500 outlets (one in ten at none), has an address of their own (70 %), their desk's (15 %) or none, and
a mobile number (60 %), the switchboard's (15 %) or none. One record in ten is somebody's second:

- its name is written the same (20 %), with one slip (25 %), in the other script (20 %), surname first (10 %), with
  an initial (5 %), with a second surname (10 %), without diacritics (5 %), or after a change of surname (5 %);
- the e-mail address was kept in half of them, the number (dialled in another way) in 60 %, the outlet in 85 %;
- an address or number of one's own was kept, or the outlet; except in 2 % and in those of whom nothing but the name was
  known, where only the name is in common (3 % together: most of them nobody can tell);
- whoever changed the surname kept an address or number of their own.
"""

import random

from outreach.serbian import to_cyrillic


def _words(line):
    return line.split()


GIVEN = _words(
    "Jelena Milica Marija Ana Ivana Jovana Katarina Teodora Sofija Dragana Snežana Vesna Nataša Tamara Sanja "
    "Biljana Gordana Mirjana Ljiljana Svetlana Tanja Maja Nevena Milena Tijana Bojana Aleksandra Kristina Danijela "
    "Zorana Đurđa Anđela Žaklina Ljubica Radmila Slavica Olivera Jasmina Branka Dušica Marko Nikola Stefan Milan "
    "Aleksandar Dragan Nenad Goran Zoran Dejan Vladimir Ivan Petar Luka Miloš Filip Đorđe Dušan Uroš Bojan Predrag "
    "Slobodan Saša Miroslav Branislav Nebojša Vuk Lazar Ognjen Andrija Mihajlo Vojislav Živko Ljubomir Radovan "
    "Čedomir Žarko Mladen Igor Srđan Darko Vladan Milorad Tomislav Kosta Strahinja Relja Bogdan Dimitrije Veljko "
    "Pavle Rastko Momčilo Emma Thomas Laura James Anna Peter Claire Daniel Julia Martin Sophie Robert Elena David "
    "Hannah Lucas"
)
ROOTS = _words(
    "Javor Bukov Hrast Jasen Breza Lipa Topol Vrb Jel Bor Smrč Klen Glog Drenov Trnov Malin Kupin Višnj Trešnj "
    "Kruš Jabuk Šljiv Dunj Orah Lešnik Grab Cer Javorn Zimzelen Bršljan Kopriv Detelin Lavand Bosiljk Rusmarin "
    "Šafran Ljiljan Božur Perunik Kesten Potoč Rečan Izvor Bunar Jezer Vrel Slap Brod Most Splav Čamdž Vesl Jedr "
    "Sidr Luč Pristan Obal Brdan Planin Vrhov Stenj Kamen Pećin Dolin Livad Njivar Poljan Šumar Lugar Gajić Krčag "
    "Lonč Grnč Kotlar Kovač Klesar Zidar Tesar Stolar Bačvar Kolar Sedlar Obućar Krojač Tkač Predilj Vunar Kožar "
    "Pekar Mlinar Sirar Medar Pčelar Voskar Soldž Biber Šećer Čajn Kafedž Vodenič Ribar Lovč Ptičar Golub Sokol "
    "Jastreb Orl Sov Slavuj Čvork Kos Senic Lastav Rod Vuč Medved Lisič Jazav Dabr Vidr Zečev Jelen Srn Kozar "
    "Ovčar Govedar Konjar Svinj Ždreb Telič Vol Bik Mravinj Leptir"
)
ENDINGS = ("ović", "ević", "ić", "inović", "anin", "ski", "ac", "čević")
WORLD = _words(
    "Ashford Berger Carlsen Dupont Eriksen Fischer Gardner Hoffman Ivanova Jensen Keller Larsen Meyer Novak Olsen "
    "Palmer Quist Rossi Schmid Turner Ulrich Weber Xavier York Zeller"
)
OUTLETS = ("Radio", "Dnevnik", "Glasnik", "Televizija", "Portal", "Novine", "Agencija", "Nedeljnik", "Kurir", "Vesnik")
PLACES = ("Primer", "Obrazac", "Uzorak", "Ogled", "Mustra", "Šablon", "Nacrt", "Proba", "Model", "Zamisao")
ALPHABET = "abcdefghijklmnoprstuvzčćšžđ"


class Draw:
    """Draws people, the same ones for the same seed."""

    def __init__(self, seed=1) -> None:
        self.random = random.Random(seed)  # noqa: S311
        stems = [root + ending for root in ROOTS for ending in ENDINGS] + WORLD * 4
        self.random.shuffle(stems)
        self.surnames, self.given = stems, self.random.sample(GIVEN, len(GIVEN))
        self.of_surnames = [(rank + 10) ** -0.8 for rank in range(len(stems))]
        self.of_given = [(rank + 5) ** -0.8 for rank in range(len(GIVEN))]
        self.outlets = [f"{kind} {place} {n}" for kind in OUTLETS for place in PLACES for n in range(1, 16)]
        self.number = 0

    def surname(self) -> str:
        return self.random.choices(self.surnames, self.of_surnames)[0]

    def people(self, count):
        """`count` records: given, surname, email, phone, outlet; None: not known."""
        given = self.random.choices(self.given, self.of_given, k=count)
        surnames = self.random.choices(self.surnames, self.of_surnames, k=count)
        return [self.person(*name) for name in zip(given, surnames, strict=True)]

    def person(self, given, surname):
        outlet = self.random.randrange(len(self.outlets)) if self.random.random() < 0.9 else None
        return {
            "given": given, "surname": surname, "outlet": None if outlet is None else self.outlets[outlet],
            "email": self.email(given, surname, outlet), "phone": self.phone(outlet),
        }  # fmt: skip

    def email(self, given, surname, outlet, chance=None):
        chance, self.number = self.random.random() if chance is None else chance, self.number + 1
        if chance < 0.7:
            home = "mail" if outlet is None else f"outlet{outlet}"
            return f"{_plain(given)}.{_plain(surname)}{self.number}@{home}.example.org"
        return f"newsroom@outlet{outlet}.example.org" if chance < 0.85 and outlet is not None else None

    def phone(self, outlet, chance=None):
        chance, self.number = self.random.random() if chance is None else chance, self.number + 1
        if chance < 0.6:
            return f"06{self.number % 10} {self.number // 10 % 9000 + 1000} {self.number // 90000:03}"
        return f"011 {2000 + outlet} 000" if chance < 0.75 and outlet is not None else None

    def again(self, person):
        """The same person, as somebody else wrote them down."""
        alone = self.random.random() < 0.02
        while True:
            kept = [not alone and self.random.random() < share for share in (0.5, 0.6, 0.85)]
            way, has_own = self.random.random(), _own(person, (True, True))
            if way < 0.95 and (alone or not (has_own or person["outlet"])):
                break
            if _own(person, kept) or (kept[2] and person["outlet"] and way < 0.95):
                break
        named = self.renamed(person, way)
        outlet = person["outlet"] if kept[2] else self.random.choice([None, *self.random.sample(self.outlets, 2)])
        place = None if outlet is None else self.outlets.index(outlet)
        if kept[2] and outlet and self.random.random() < 0.3:
            outlet = to_cyrillic(outlet)
        return {
            "name": named, "outlet": outlet,
            "email": person["email"].upper() if kept[0] and person["email"] else self.email(*_names(person), place),
            "phone": _dialled(person["phone"]) if kept[1] and person["phone"] else self.phone(place),
        }  # fmt: skip

    def renamed(self, person, way):
        given, surname = _names(person)
        if way < 0.20:
            return f"{given} {surname}"
        if way < 0.45:
            return self.slip(given, surname)
        if way < 0.65:
            return to_cyrillic(f"{given} {surname}")
        if way < 0.75:
            return f"{surname} {given}"
        if way < 0.80:
            return f"{given[0]}. {surname}"
        if way < 0.90:
            return f"{given} {surname}{self.random.choice(' -')}{self.surname()}"
        return _bare(f"{given} {surname}") if way < 0.95 else f"{given} {self.surname()}"

    def slip(self, given, surname):
        """One letter left out, put in, taken for another, or two changed round, anywhere in one of the names."""
        names = [given, surname]
        which = self.random.randrange(2) if len(given) > 3 else 1
        word, kind = names[which], self.random.randrange(4)
        at, letter = self.random.randrange(len(word) - 1), self.random.choice(ALPHABET)
        names[which] = (
            word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )[kind]  # fmt: skip
        return " ".join(names)


def register(count, seed=1):
    """`count` records as a list of name, email, phone, outlet, in no order, and the pairs of places that are one."""
    draw = Draw(seed)
    once = draw.people(count - count // 10)
    records = [{**each, "name": f"{each['given']} {each['surname']}"} for each in once]
    twice = draw.random.sample(range(len(once)), count // 10)
    records += [draw.again(once[place]) for place in twice]
    order = list(range(count))
    draw.random.shuffle(order)
    place_of = {old: new for new, old in enumerate(order)}
    same = {tuple(sorted((place_of[old], place_of[len(once) + n]))) for n, old in enumerate(twice)}
    fields = ("name", "email", "phone", "outlet")
    return [{field: records[old][field] for field in fields} for old in order], same


def _names(person):
    return person["given"], person["surname"]


def _own(person, kept):
    """Whether something that is theirs alone was kept."""
    email, phone = person["email"] or "newsroom@", person["phone"] or "011"
    return (kept[0] and not email.startswith("newsroom@")) or (kept[1] and not phone.startswith("011"))


def _bare(name):
    return name.translate(str.maketrans({**dict(zip("ščćžŠČĆŽ", "scczSCCZ", strict=True)), "đ": "dj", "Đ": "Dj"}))


def _plain(name):
    return _bare(name).lower()


def _dialled(phone):
    return "+381 " + phone[1:].replace(" ", "-")
