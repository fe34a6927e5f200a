"""F-16: what a file does to its reader, it does in a child with limits; the server refuses it and does not grow."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import psutil
import pytest

from outreach.contacts.imports import reading
from outreach.contacts.imports.refusals import ALL, FileRefused

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(sheet: str | bytes, more: dict[str, str | bytes] | None = None, head: str = "") -> bytes:
    out = io.BytesIO()
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<?xml version="1.0"?>{head}<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        SHEET: sheet,
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, **(more or {})}.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet(rows: str, dimension: str = "A1:B2") -> str:
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'


def cell(place: str, words: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


GOOD = sheet(f'<row r="1">{cell("A1", "Name")}</row><row r="2">{cell("A2", "Ana")}</row>')
LAUGHS = "<!DOCTYPE lolz [<!ENTITY a0 'lol'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip


def a_bomb() -> bytes:
    return packed(b" " * (40 << 20))


def a_bomb_in_a_bomb() -> bytes:
    return packed(GOOD, {f"xl/media/{n}.bin": b"\0" * (1 << 20) for n in range(60)})


def many_members() -> bytes:
    return packed(GOOD, {f"xl/media/{n}": b"x" for n in range(300)})


def billion_laughs() -> bytes:
    return packed(GOOD, head=LAUGHS)


def outside_entity() -> bytes:
    return packed(
        GOOD.replace("<worksheet", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet', 1).replace(
            "Ana", "&e;"
        )
    )


def entity_in_utf16() -> bytes:
    return packed(GOOD, {"xl/styles.xml": f"<?xml version='1.0'?>{LAUGHS}<a>&a9;</a>".encode("utf-16")})


def leads_outside() -> bytes:
    return packed(GOOD, {"../../etc/cron.d/x": "x"})


def a_lying_size() -> bytes:
    content = bytearray(packed(b" " * 30_000_000 + GOOD.encode()))
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(SHEET.encode()))
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(content)


def a_million_columns() -> bytes:
    return ("Name," + "," * 1_000_000 + "\nAna\n").encode()


def a_far_cell() -> bytes:
    return packed(
        sheet(f'<row r="1">{cell("A1", "Name")}</row><row r="1048576">{cell("XFD1048576", "x")}</row>', "A1:XFD1048576")
    )


def a_million_rows() -> bytes:
    return b"Name\n" + b"Ana\n" * 1_000_000


def a_million_rows_in_a_sheet() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 300_001))
    return packed(sheet(rows, "A1:A300001"))


def nested_cards() -> bytes:
    return b"BEGIN:VCARD\r\n" * 200_000


def an_endless_cell() -> bytes:
    return b'Name\n"' + b"x" * 9_000_000


def noise() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 4000


HOSTILE = (
    a_bomb, a_bomb_in_a_bomb, many_members, billion_laughs, outside_entity, entity_in_utf16, leads_outside, a_lying_size,
    a_million_columns, a_far_cell, a_million_rows, a_million_rows_in_a_sheet, an_endless_cell, noise,
)  # fmt: skip


def test_the_good_file_from_which_the_bad_ones_are_made_is_read() -> None:
    with reading.uploaded(io.BytesIO(packed(GOOD))) as opened:
        assert (opened.head, list(opened.rows)) == (["Name"], [(2, ["Ana"])])


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_f16_a_hostile_file_is_refused_in_a_sentence_and_the_server_does_not_grow(make: Callable[[], bytes]) -> None:
    content = make()
    before, begun = psutil.Process().memory_info().rss, time.process_time()
    with pytest.raises(FileRefused) as refused, reading.uploaded(io.BytesIO(content)) as opened:
        for _ in opened.rows:
            pass
    assert refused.value.message in ALL
    assert psutil.Process().memory_info().rss - before < 50 << 20
    assert time.process_time() - begun < 30


def test_f16_cards_without_end_are_told_row_by_row_at_the_most() -> None:
    with pytest.raises(FileRefused, match="100,000 rows"), reading.uploaded(io.BytesIO(nested_cards())) as opened:
        assert all(cells[-1] for _, cells in opened.rows)


def test_f16_nothing_of_a_file_that_breaks_off_is_kept(lists: object, house: object) -> None:
    from sqlalchemy import func, select

    from outreach.contacts.imports.models import ImportRow

    with pytest.raises(FileRefused):
        lists.uploaded(b"Name,City\n" + b"Ana,Nis\n" * 20_000 + b'Ana,"' + b"x" * 200_000)  # type: ignore[attr-defined]
    with house.db.read() as session:  # type: ignore[attr-defined]
        assert session.scalar(select(func.count()).select_from(ImportRow)) == 0
