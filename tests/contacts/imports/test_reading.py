"""Files as they come: every encoding, every program that writes lists of people, every kind of table."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from outreach.contacts.imports import encodings, heads, reading
from outreach.contacts.imports.refusals import FileRefused

ROWS = [["Име", "Мејл", "Телефон"], ["Ђорђе Живковић", "djordje@example.org", "064 123 456"]]
LATIN = [["Ime", "E-pošta", "Mesto"], ["Đorđe Živković", "djordje@example.org", "Čačak, šest kuća"]]


def read(content: bytes, encoding: str = "") -> reading.Opened:
    """Everything of it: `rows` is a list."""
    with reading.uploaded(io.BytesIO(content), encoding) as opened:
        return reading.Opened(**{**vars(opened), "rows": list(opened.rows)})


def csv(rows: list[list[str]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) + "\r\n" for row in rows)


@pytest.mark.parametrize(
    ("rows", "encoding"),
    [(ROWS, e) for e in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251")]
    + [(LATIN, e) for e in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1250")],
)
def test_letters_are_read_in_any_encoding_of_the_region(rows: list[list[str]], encoding: str) -> None:
    opened = read(csv(rows).encode(encoding))
    assert (opened.encoding, opened.head) == (encoding, rows[0])
    assert opened.rows == [(2, rows[1])]


def test_one_late_letter_tells_the_encoding() -> None:
    long = "Name,City\n" + "Ana,Nis\n" * 300_000 + "Ana,Niš\n"
    assert encodings.guess([long.encode("cp1250")[at : at + 65536] for at in range(0, len(long), 65536)]) == "cp1250"
    assert encodings.guess([long.encode()[at : at + 65536] for at in range(0, len(long) + 1, 65536)]) == "utf-8"


def test_an_encoding_that_was_chosen_is_taken_or_refused() -> None:
    assert read(csv(ROWS).encode("cp1251"), "cp1251").rows[0][1] == ROWS[1]
    with pytest.raises(FileRefused, match="not in the encoding"):
        read(csv(ROWS).encode("cp1251"), "utf-8")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "#"])
def test_any_delimiter_is_found(delimiter: str) -> None:
    opened = read(csv(LATIN, delimiter).encode())
    assert (opened.delimiter, opened.rows[0][1]) == (delimiter, LATIN[1])


def test_the_line_with_which_excel_says_the_delimiter_is_no_row() -> None:
    assert read(b"sep=;\r\nName;E-mail\r\nAna;ana@example.org\r\n").head == ["Name", "E-mail"]


def test_blank_rows_are_left_out_and_numbers_are_those_of_the_program() -> None:
    assert [number for number, _ in read(b"\nName,E-mail\n\nAna,a@example.org\n,\nIva,i@example.org\n").rows] == [4, 6]


def test_a_list_without_heads_gets_letters() -> None:
    opened = read(b"Ana,ana@example.org\nIva,iva@example.org\n")
    assert (opened.head, len(opened.rows)) == (["A", "B"], 2)


def test_columns_with_ip_latitude_and_longitude_are_dropped_by_head_or_by_what_is_in_them() -> None:
    opened = read(
        b"Name,OPTIN_IP,Latitude,Where,E-mail,lng\nAna,192.0.2.1,44.8,2001:db8::1,ana@example.org,20\nIva,,,,,\n"
    )
    assert opened.head == ["Name", "E-mail"]
    assert opened.dropped == ["OPTIN_IP", "Latitude", "Where", "lng"]
    assert opened.rows == [(2, ["Ana", "ana@example.org"]), (3, ["Iva", ""])]


def xlsx(path: Path) -> bytes:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([["Name", "Phone", "E-mail"], ["Ђорђе", 381641234567, "d@example.org"]]):
            sheet.write_row(row, 0, cells)
    return path.read_bytes()


def xls() -> bytes:
    book, out = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("People")
    for row, cells in enumerate([["Name", "Phone", "E-mail"], ["Ђорђе", 381641234567, "d@example.org"]]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(out)
    return out.getvalue()


def ods() -> bytes:
    cells = "".join(
        "<table:table-row>" + "".join(f'<table:table-cell {kind}><text:p>{cell}</text:p></table:table-cell>' for kind, cell in row)
        + "</table:table-row>"
        for row in (
            [('office:value-type="string"', cell) for cell in ("Name", "Phone", "E-mail")],
            [('office:value-type="string"', "Ђорђе"), ('office:value-type="float" office:value="381641234567"', "381641234567"),
             ('office:value-type="string"', "d@example.org")],
        )
    )  # fmt: skip
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="People">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        kind = zipfile.ZipInfo("mimetype")  # first, and not packed: by this the kind of a file is known
        packed.writestr(kind, "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
        packed.writestr("content.xml", content)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_tables_of_office_programs_are_read_and_numbers_have_no_point(kind: str, tmp_path: Path) -> None:
    content = {"xlsx": lambda: xlsx(tmp_path / "list.xlsx"), "xls": xls, "ods": ods}[kind]()
    opened = read(content)
    assert (opened.format, opened.head) == (kind, ["Name", "Phone", "E-mail"])
    assert opened.rows == [(2, ["Ђорђе", "381641234567", "d@example.org"])]


CARDS = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9C=D0=B0=D1=80=D0=B8=D1=9B;Ana;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Ana =D0=9C=D0=B0=D1=
=80=D0=B8=D1=9B
TEL;CELL;PREF:+381641234567
TEL;WORK:011 123 456
ORG:Radio Primer;News
TITLE:Editor
GEO:44.8;20.4
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:Ilić;Marko;;dr;
FN:dr Marko Ilić
item1.EMAIL;type=INTERNET:second@example.org
item2.EMAIL;type=INTERNET;type=pref:first@example.org
NOTE:One line\\nanother\\, with a comma
IMPP;X-SERVICE-TYPE=Telegram:x-apple:marko
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Ђорђе
N:;Ђорђе;;;
EMAIL;PREF=1:dj@example.org
TEL;VALUE=uri;TYPE="voice,cell":tel:+381-64-333-444
LANG:sr
ADR;TYPE=work:;;Ulica 1;Niš;;18000;Serbia
END:VCARD
""".replace("\n", "\r\n")


def test_cards_of_all_three_versions_are_read_and_where_somebody_is_is_dropped() -> None:
    opened = read(CARDS.encode())
    ana, marko, djordje = (dict(zip(opened.head, cells, strict=True)) for _, cells in opened.rows)
    assert (opened.format, opened.dropped) == ("vcard", ["GEO"])
    assert (ana["Name"], ana["Family name"], ana["Phone"]) == ("Ana Марић", "Марић", "+381641234567; 011 123 456")
    assert (ana["Organisation"], ana["Title"]) == ("Radio Primer", "Editor")
    assert (marko["Name"], marko["Honorific"], marko["E-mail"]) == (
        "Marko Ilić",
        "dr",
        "first@example.org; second@example.org",
    )
    assert (marko["Note"], marko["Other channels"]) == ("One line\nanother, with a comma", "telegram: marko")
    assert (djordje["Name"], djordje["Phone"], djordje["Region"]) == ("Ђорђе", "+381-64-333-444", "Niš")


def test_a_card_that_cannot_be_read_is_told_and_the_others_are_read() -> None:
    broken = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Iva\r\n"
    opened = read((broken + CARDS).encode())
    assert len(opened.rows) == 4
    assert heads.suggested(opened.head)[str(opened.head.index("vCard"))] == "broken"


GOOGLE = "First Name,Last Name,Organization Name,Organization Title,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value"
OUTLOOK = (
    "Title,First Name,Last Name,Company,Job Title,Business City,Business Fax,Mobile Phone,E-mail Address,E-mail Type"
)
MAILCHIMP = "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,TIMEZONE,REGION,UNSUB_TIME,LEID,NOTES"
OURS = (
    "Name,Name in Latin,Name in Cyrillic,Honorific,Vocative,Writes in,Languages,Beats,Region,Organisation,"
    "Kind of organisation,Title,E-mail,E-mail 2,E-mail 3,Phone,Phone 2,Phone 3,Other channels,Do not contact,Reason,"
    "Source,Basis,Note"
)


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (GOOGLE, "given family organisation title note - - email phone"),
        (OUTLOOK, "honorific given family organisation title region - phone email -"),
        (MAILCHIMP, "email given family - - - - unsubscribed - note"),
        ("First name,Last name,Email (work),Phone (mobile),Company", "given family email phone organisation"),
        ("Ime,Prezime,Redakcija,Funkcija,Mejl,Mobilni,Napomena,Grad", "given family organisation title email phone note region"),
        ("Име и презиме,Медиј,Имејл,Телефон", "name organisation email phone"),
        (OURS, "name name_latin name_cyrillic honorific vocative preferred_variant languages beats region organisation kind "
         "title email email email phone phone phone channels do_not_contact do_not_contact_reason source lawful_basis note"),
    ],
)  # fmt: skip
def test_heads_are_understood(line: str, fields: str) -> None:
    head = line.split(",")
    suggested = heads.suggested(head)
    assert [suggested.get(str(place), "-") for place in range(len(head))] == fields.split()
