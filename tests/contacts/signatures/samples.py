"""Thirty signatures of our own, of nobody: given names are trees, family names are samples; with the answers."""

from __future__ import annotations

from typing import Any

SIGNATURES: list[tuple[str, dict[str, Any]]] = [
    (
        """\
Best regards,
Alder Sample
Senior Correspondent
Example Daily
M: +381 64 123 45 67
alder.sample@example.org
www.example.org
""",
        {
            "name": "Alder Sample",
            "title": "Senior Correspondent",
            "organisation": "Example Daily",
            "phone": ["+381 64 123 45 67"],
            "email": ["alder.sample@example.org"],
            "web": ["example.org"],
            "variant": "en",
        },
    ),
    (
        """\
--
Maple Specimen | Producer | Example Broadcasting
Tel: +44 20 7946 0000 | maple@example.org
""",
        {
            "name": "Maple Specimen",
            "title": "Producer",
            "organisation": "Example Broadcasting",
            "phone": ["+44 20 7946 0000"],
            "email": ["maple@example.org"],
            "variant": "en",
        },
    ),
    (
        """\
Dr Hazel Testcase
Head of Research, Institute for Sample Studies
12 Example Street, London
+44 20 7946 0001
""",
        {
            "name": "Hazel Testcase",
            "honorific": "Dr",
            "title": "Head of Research",
            "organisation": "Institute for Sample Studies",
            "phone": ["+44 20 7946 0001"],
            "variant": "en",
        },
    ),
    (
        """\
ROWAN EXAMPLE
Editor at The Sample Weekly
rowan@example.org / +1 202 555 0100
""",
        {
            "name": "Rowan Example",
            "title": "Editor",
            "organisation": "The Sample Weekly",
            "phone": ["+1 202 555 0100"],
            "email": ["rowan@example.org"],
            "variant": "en",
        },
    ),
    (
        """\
Kind regards

Ash Placeholder, Freelance journalist
Mobile: +381 65 000 11 22
Signal: +381 65 000 11 23
""",
        {
            "name": "Ash Placeholder",
            "title": "Freelance journalist",
            "organisation": "",
            "phone": ["+381 65 000 11 22"],
            "signal": ["+381 65 000 11 23"],
            "variant": "en",
        },
    ),
    (
        """\
Ms. Linden Demo
Press Attaché
Embassy of Examplia
Example Square 3, 11000 Belgrade
T +381 11 300 00 00
F +381 11 300 00 01
press@example.org
""",
        {
            "name": "Linden Demo",
            "honorific": "Ms.",
            "title": "Press Attaché",
            "organisation": "Embassy of Examplia",
            "phone": ["+381 11 300 00 00"],
            "email": ["press@example.org"],
            "variant": "en",
        },
    ),
    (
        """\
Willow Fixture
Programme Coordinator
Sample Rights Forum (NGO)
https://forum.example.org/contact
WhatsApp +381 60 111 22 33
""",
        {
            "name": "Willow Fixture",
            "title": "Programme Coordinator",
            "organisation": "Sample Rights Forum (NGO)",
            "web": ["forum.example.org/contact"],
            "whatsapp": ["+381 60 111 22 33"],
            "variant": "en",
        },
    ),
    (
        """\
> Thanks,
> Cedar Mockup
> Deputy Editor-in-Chief
> Example News Agency
> desk@example.org
""",
        {
            "name": "Cedar Mockup",
            "title": "Deputy Editor-in-Chief",
            "organisation": "Example News Agency",
            "email": ["desk@example.org"],
            "variant": "en",
        },
    ),
    (
        """\
Juniper Stub · Video journalist · Sample TV
Cell 0646543210
Sent from my iPhone
""",
        {
            "name": "Juniper Stub",
            "title": "Video journalist",
            "organisation": "Sample TV",
            "phone": ["0646543210"],
            "variant": "en",
        },
    ),
    (
        """\
Prof. Dr Birch Pattern
Faculty of Examples, University of Samples
birch.pattern@example.org
Office: +381 21 400 000 ext. 12
This message and its attachments are confidential and may be privileged; if you are not the addressee please delete it at once and tell us.
""",
        {
            "name": "Birch Pattern",
            "honorific": "Prof. Dr",
            "title": "",
            "organisation": "Faculty of Examples, University of Samples",
            "phone": ["+381 21 400 000 ext. 12"],
            "email": ["birch.pattern@example.org"],
            "variant": "en",
        },
    ),
    (
        """\
S poštovanjem,
Jasika Uzorak
novinarka
Dnevni list Primer
mob. 064/123-45-67
jasika@example.org
""",
        {
            "name": "Jasika Uzorak",
            "title": "novinarka",
            "organisation": "Dnevni list Primer",
            "phone": ["064/123-45-67"],
            "email": ["jasika@example.org"],
            "variant": "lat",
        },
    ),
    (
        """\
Topola Ogled, urednica informativnog programa
Radio Primer
Bulevar primera 12, 21000 Novi Sad
tel: 021/400-000
www.radio.example.org
""",
        {
            "name": "Topola Ogled",
            "title": "urednica informativnog programa",
            "organisation": "Radio Primer",
            "phone": ["021/400-000"],
            "web": ["radio.example.org"],
            "variant": "lat",
        },
    ),
    (
        """\
Srdačan pozdrav,

Javor Proba
glavni i odgovorni urednik
Portal „Ogledalo”
+381 63 555 000
redakcija@example.org
""",
        {
            "name": "Javor Proba",
            "title": "glavni i odgovorni urednik",
            "organisation": "Portal „Ogledalo”",
            "phone": ["+381 63 555 000"],
            "email": ["redakcija@example.org"],
            "variant": "lat",
        },
    ),
    (
        """\
Breza Obrazac | dopisnica iz Niša | Televizija Primer | 065 111 22 33 | breza@example.org
""",
        {
            "name": "Breza Obrazac",
            "title": "dopisnica iz Niša",
            "organisation": "Televizija Primer",
            "phone": ["065 111 22 33"],
            "email": ["breza@example.org"],
            "variant": "lat",
        },
    ),
    (
        """\
dr Jela Model
savetnica ministra
Ministarstvo za primere
Nemanjina 0, Beograd
tel. +381 11 3000 000
faks +381 11 3000 001
jela.model@example.org
""",
        {
            "name": "Jela Model",
            "honorific": "dr",
            "title": "savetnica ministra",
            "organisation": "Ministarstvo za primere",
            "phone": ["+381 11 3000 000"],
            "email": ["jela.model@example.org"],
            "variant": "lat",
        },
    ),
    (
        """\
Hrast Nacrt
portparol
Udruženje uzoraka Srbije
Viber: 060 333 44 55
""",
        {
            "name": "Hrast Nacrt",
            "title": "portparol",
            "organisation": "Udruženje uzoraka Srbije",
            "viber": ["060 333 44 55"],
            "variant": "lat",
        },
    ),
    (
        """\
Pozdrav,
Lipa Mustra
Novinar u Nedeljniku Primer
lipa@example.org
064 999 88 77
""",
        {
            "name": "Lipa Mustra",
            "title": "Novinar",
            "organisation": "Nedeljniku Primer",
            "phone": ["064 999 88 77"],
            "email": ["lipa@example.org"],
            "variant": "lat",
        },
    ),
    (
        """\
Bor Šablon
fotoreporter, Agencija Uzorak
mob: +381 (0)62 123 456
""",
        {
            "name": "Bor Šablon",
            "title": "fotoreporter",
            "organisation": "Agencija Uzorak",
            "phone": ["+381 (0)62 123 456"],
            "variant": "lat",
        },
    ),
    (
        """\
KESTEN PRIMER
Izvršni producent
Produkcijska grupa Ogled d.o.o.
Ulica uzoraka 5/2
11000 Beograd
kesten@example.org
""",
        {
            "name": "Kesten Primer",
            "title": "Izvršni producent",
            "organisation": "Produkcijska grupa Ogled d.o.o.",
            "email": ["kesten@example.org"],
            "variant": "lat",
        },
    ),
    (
        """\
Hvala unapred,
Vrba Test
koordinatorka za medije, Fondacija Primer
T: 011 2000 000; M: 063 200 00 00
""",
        {
            "name": "Vrba Test",
            "title": "koordinatorka za medije",
            "organisation": "Fondacija Primer",
            "phone": ["011 2000 000", "063 200 00 00"],
            "variant": "lat",
        },
    ),
    (
        """\
С поштовањем,
Јасен Узорак
новинар
Дневник Пример
моб. 064 123 45 67
jasen@example.org
""",
        {
            "name": "Јасен Узорак",
            "title": "новинар",
            "organisation": "Дневник Пример",
            "phone": ["064 123 45 67"],
            "email": ["jasen@example.org"],
            "variant": "cir",
        },
    ),
    (
        """\
Бреза Оглед
уредница културне рубрике
Радио-телевизија Пример
тел: 011/300-00-00
www.example.org
""",
        {
            "name": "Бреза Оглед",
            "title": "уредница културне рубрике",
            "organisation": "Радио-телевизија Пример",
            "phone": ["011/300-00-00"],
            "web": ["example.org"],
            "variant": "cir",
        },
    ),
    (
        """\
проф. др Храст Модел
Филозофски факултет, Универзитет Пример
hrast@example.org
""",
        {
            "name": "Храст Модел",
            "honorific": "проф. др",
            "title": "",
            "organisation": "Филозофски факултет, Универзитет Пример",
            "email": ["hrast@example.org"],
            "variant": "cir",
        },
    ),
    (
        """\
Срдачан поздрав
Липа Нацрт | дописница | Новинска агенција Узорак
+381 65 222 33 44
""",
        {
            "name": "Липа Нацрт",
            "title": "дописница",
            "organisation": "Новинска агенција Узорак",
            "phone": ["+381 65 222 33 44"],
            "variant": "cir",
        },
    ),
    (
        """\
ЈЕЛА ПРОБА
шеф кабинета
Канцеларија за примере
Трг узорака 1, 11000 Београд
тел. +381 11 111 11 11
факс +381 11 111 11 12
""",
        {
            "name": "Јела Проба",
            "title": "шеф кабинета",
            "organisation": "Канцеларија за примере",
            "phone": ["+381 11 111 11 11"],
            "variant": "cir",
        },
    ),
    (
        """\
Топола Мустра, портпаролка
Мисија за узорке
topola@example.org
Вајбер / Viber: 060 111 22 33
""",
        {
            "name": "Топола Мустра",
            "title": "портпаролка",
            "organisation": "Мисија за узорке",
            "email": ["topola@example.org"],
            "viber": ["060 111 22 33"],
            "variant": "cir",
        },
    ),
    (
        """\
Врба Образац
главна и одговорна уредница
„Недељни преглед”
redakcija@example.org
011 555 000
""",
        {
            "name": "Врба Образац",
            "title": "главна и одговорна уредница",
            "organisation": "„Недељни преглед”",
            "email": ["redakcija@example.org"],
            "phone": ["011 555 000"],
            "variant": "cir",
        },
    ),
    (
        """\
Бор Тест
сарадник за односе с јавношћу
Институт за огледе
Улица пробе 7
21000 Нови Сад
bor.test@example.org
https://institut.example.org
""",
        {
            "name": "Бор Тест",
            "title": "сарадник за односе с јавношћу",
            "organisation": "Институт за огледе",
            "email": ["bor.test@example.org"],
            "web": ["institut.example.org"],
            "variant": "cir",
        },
    ),
    (
        """\
Поздрав,
Дуња Шаблон
новинарка у Порталу Пример
telegram: +381 64 777 66 55
""",
        {
            "name": "Дуња Шаблон",
            "title": "новинарка",
            "organisation": "Порталу Пример",
            "telegram": ["+381 64 777 66 55"],
            "variant": "cir",
        },
    ),
    (
        """\
Кестен Пример
директор
Удружење „Оглед и проба”
kesten@example.org · +381 66 100 200
""",
        {
            "name": "Кестен Пример",
            "title": "директор",
            "organisation": "Удружење „Оглед и проба”",
            "email": ["kesten@example.org"],
            "phone": ["+381 66 100 200"],
            "variant": "cir",
        },
    ),
]
