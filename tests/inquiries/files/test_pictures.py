"""A picture keeps its pixels and loses what it tells besides."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from outreach.inquiries.files import pictures, taking
from outreach.inquiries.files.taking import FileRefused
from tests.inquiries.files.conftest import jpg, png, told

SECRET = "written by a person at 44.8176 N"


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112], tags[0x013B], tags[0x010F] = orientation, SECRET, "a camera"
    tags.get_ifd(0x8825)[2] = (44.0, 49.0, 3.0)
    return tags


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_place_author_camera_and_comments_are_gone_from_a_jpg() -> None:
    before = jpg(exif=exif(), comment=SECRET.encode(), xmp=SECRET.encode()) + b"trailing " + SECRET.encode()
    after = pictures.cleaned(before, "jpg")
    assert SECRET.encode() in before
    assert SECRET.encode() not in after
    assert b"a camera" not in after
    assert len(opened(after).getexif()) == 0
    assert set(opened(after).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_texts_and_exif_are_gone_from_a_png() -> None:
    before = png(pnginfo=told(SECRET), exif=exif())
    after = pictures.cleaned(before, "png")
    assert SECRET.encode() in before
    assert SECRET.encode() not in after
    assert opened(after).info == {}
    assert opened(after).tobytes() == opened(before).tobytes()


def test_pixels_and_which_way_is_up_stay() -> None:
    before = jpg(exif=exif(orientation=6), quality=80)
    after = opened(pictures.cleaned(before, "jpg"))
    assert dict(after.getexif()) == {0x0112: 6}
    assert max(abs(a - b) for a, b in zip(after.tobytes(), opened(before).tobytes(), strict=True)) <= 2


def test_colours_and_transparency_stay() -> None:
    out = BytesIO()
    Image.new("P", (4, 4), 0).save(out, "PNG", transparency=0, icc_profile=b"profile of colours")
    after = opened(pictures.cleaned(out.getvalue(), "png"))
    assert (after.info["transparency"], after.info["icc_profile"]) == (0, b"profile of colours")


def huge_png(width: int, height: int) -> bytes:
    """A few kilobytes that unpack to width × height pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))

    header = struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    body = packer.compress(bytes(1_000_000)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(FileRefused) as refused:
        taking.take("photo.png", BytesIO(huge_png(60_000, 60_000)))
    assert refused.value.message == taking.TOO_MANY_PIXELS


def test_a_picture_that_ends_too_early_is_refused() -> None:
    with pytest.raises(FileRefused):
        taking.take("photo.png", BytesIO(huge_png(5_000, 5_000)))
