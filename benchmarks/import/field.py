"""A made-up list of people of any length: names from word lists, two scripts, outlets, addresses, numbers."""

from __future__ import annotations

import csv
import random
from pathlib import Path

GIVEN = [
    "Ana",
    "Marko",
    "Jelena",
    "Nikola",
    "Milica",
    "Stefan",
    "Ivana",
    "Petar",
    "Jovana",
    "Luka",
    "Teodora",
    "Vuk",
    "Sara",
    "Filip",
    "Nina",
    "Pavle",
    "Maja",
    "Aleksa",
    "Tamara",
    "Bojan",
    "Dunja",
    "Goran",
    "Katarina",
    "Lazar",
    "Mina",
    "Ognjen",
    "Olga",
    "Relja",
    "Sofija",
    "Uroš",
    "Višnja",
    "Željko",
    "Đorđe",
    "Ljubica",
    "Njegoš",
    "Čedomir",
]
FAMILY = [
    "Marić",
    "Ilić",
    "Savić",
    "Popović",
    "Đorđević",
    "Jovanović",
    "Petrović",
    "Nikolić",
    "Marković",
    "Stojanović",
    "Živković",
    "Pavlović",
    "Simić",
    "Lukić",
    "Kostić",
    "Vasić",
    "Tomić",
    "Ćirić",
    "Šarić",
    "Žarković",
    "Ljubić",
    "Njegić",
    "Babić",
    "Radić",
    "Mitić",
    "Perić",
    "Obradović",
    "Urošević",
    "Zorić",
    "Čolić",
]
CYRILLIC = (
    ["Ана", "Марко", "Јелена", "Никола", "Ђорђе", "Љубица", "Чедомир", "Жељко"],
    ["Марић", "Илић", "Савић", "Ђорђевић", "Живковић", "Његић"],
)
PLACES = ("Radio", "Agencija", "Portal", "Nedeljnik", "Televizija", "Udruženje", "Centar", "Glas")
THINGS = ("Primer", "Proba", "Ogled", "Uzorak", "Reka", "Most", "Grad", "Breg", "Sever", "Jug", "Istok", "Zapad")
TITLES = ("", "Editor", "Reporter", "Urednica", "Novinar", "Correspondent")
BEATS = ("defence", "budget", "mine action", "environment", "science", "")
REGIONS = ("Beograd", "Niš", "Novi Sad", "Subotica", "Kragujevac", "")
HEAD = ["Name", "E-mail", "Phone", "Organisation", "Title", "Beats", "Region", "Note"]


def write(path: Path, count: int, seed: int = 7) -> None:
    """`count` people, each with an address of their own."""
    luck = random.Random(seed)  # noqa: S311
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEAD)
        writer.writerows(_person(luck, number) for number in range(count))


def _person(luck: random.Random, number: int) -> list[str]:
    given, family = CYRILLIC if luck.random() < 0.2 else (GIVEN, FAMILY)
    name = f"{luck.choice(given)} {luck.choice(family)}-{luck.choice(FAMILY)}"
    outlet = f"{luck.choice(PLACES)} {luck.choice(THINGS)} {luck.randrange(40)}"
    phone = f"064 {luck.randrange(100, 999)} {luck.randrange(1000, 9999)}" if luck.random() < 0.6 else ""
    return [
        name, f"person{number}@example.org", phone, outlet, luck.choice(TITLES), luck.choice(BEATS),
        luck.choice(REGIONS), "Met at the press day." if luck.random() < 0.1 else "",
    ]  # fmt: skip
