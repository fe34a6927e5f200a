"""What a file is, told by its content: PDF, DOCX, ODT, JPG, PNG or TXT; or nothing that we take.

What is two things at once, carries a program, or is far larger inside than outside is none of them. A text has no
mark of its own, so its name must not claim to be anything else. Archives are looked at through their directory, never
unpacked.
"""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as BadStream

PDF, DOCX, ODT, JPG, PNG, TXT = "pdf", "docx", "odt", "jpg", "png", "txt"
PICTURES = frozenset({JPG, PNG})

MEMBERS, INSIDE, RATIO = 2_000, 200 * 1024 * 1024, 100
_SMALL = 1024 * 1024  # below this, a high ratio is only an empty document
_HEAD = 1024  # readers look for a second beginning within this
_DOCX_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ODT_TYPE = b"application/vnd.oasis.opendocument.text"
_WEB_PAGE = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php)\b", re.IGNORECASE)
_PROGRAM = re.compile(
    r"\.(?:exe|dll|com|scr|msi|bat|cmd|ps1|vbs|js|jse|wsf|hta|jar|class|dex|sh|html?|lnk)$|vbaproject\.bin$|^(?:basic|scripts)/",
    re.IGNORECASE,
)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_NOT_TEXT = (b"#!", b"{\\rtf", b"%!", b"%PDF")


def kind_of(content: bytes, name: str) -> str | None:
    """One of the six kinds, or None. `name` is what the sender calls the file."""
    if content.startswith(b"%PDF-"):
        return PDF if b"%%EOF" in content[-2 * _HEAD :] and not _is_also_another(content) else None
    if content.startswith(b"\xff\xd8\xff"):
        return JPG if not _is_also_another(content) else None
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG if not _is_also_another(content) else None
    if content.startswith(b"PK\x03\x04"):
        return _document(content)
    return TXT if _is_text(content) and re.fullmatch(r"[^.]*|.*\.te?xt", name, re.IGNORECASE) else None


def _is_also_another(content: bytes) -> bool:
    """A page in its first lines, a second document there, or an archive that ends where it ends."""
    head = content[:_HEAD]
    if _WEB_PAGE.search(head) or b"%PDF-" in head[5:]:
        return True
    tail = content[-65_557:]
    end = tail.rfind(b"PK\x05\x06")
    return 0 <= end <= len(tail) - 22 and end + 22 + int.from_bytes(tail[end + 20 : end + 22], "little") >= len(tail)


def _document(content: bytes) -> str | None:
    if content[-22:-18] != b"PK\x05\x06" or b"%PDF-" in content[:_HEAD]:
        return None  # something before or behind the archive
    try:
        with ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            return _type_of(archive, members) if _is_harmless(members, len(content)) else None
    except (BadZipFile, BadStream, ValueError, RuntimeError, EOFError, OSError, KeyError):
        return None


def _is_harmless(members: list[ZipInfo], size: int) -> bool:
    inside = sum(member.file_size for member in members)
    names = [member.filename for member in members]
    return (
        0 < len(members) <= MEMBERS
        and inside <= min(INSIDE, max(_SMALL, RATIO * size))
        and len(set(names)) == len(names)
        and min(member.header_offset for member in members) == 0
        and not any(m.flag_bits & 1 or m.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for m in members)
        and not any(_leads_outside(name) or _PROGRAM.search(name) for name in names)
    )


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _type_of(archive: ZipFile, members: list[ZipInfo]) -> str | None:
    names = {member.filename for member in members}
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        return DOCX if _DOCX_TYPE in _beginning(archive, "[Content_Types].xml") else None
    if {"mimetype", "content.xml"} <= names:
        return ODT if _beginning(archive, "mimetype").strip() == _ODT_TYPE else None
    return None


def _beginning(archive: ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(256 * 1024)


def _is_text(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(content, "utf-16")
    if _CONTROL.search(content) or content.startswith(_NOT_TEXT) or _WEB_PAGE.search(content):
        return False
    return _decodes(content, "utf-8") or _decodes(content, "cp1250")


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        said = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return "\0" not in said and not _WEB_PAGE.search(said[:_HEAD].encode("utf-8", "replace"))
