"""A picture without what it tells besides itself: place, camera, time, author, comments, a smaller copy.

Pixels, colours and which way is up stay. A picture is drawn anew, so nothing else that was in its file is left.
"""

from __future__ import annotations

from io import BytesIO
from threading import Lock

from PIL import Image

from outreach.inquiries.files.kinds import JPG

MOST_PIXELS = 50_000_000
ORIENTATION = 0x0112

Image.MAX_IMAGE_PIXELS = None  # the bound is our own, and is asked before a pixel is unpacked
_drawing = Lock()  # one at a time in a process: unpacked, a picture takes up to 200 MB


class TooManyPixels(ValueError):
    """More than MOST_PIXELS."""


def cleaned(content: bytes, kind: str) -> bytes:
    """The picture without its metadata. ValueError for what is no whole picture of this kind, TooManyPixels."""
    with _drawing:
        try:
            return _drawn(content, "JPEG" if kind == JPG else "PNG")
        except TooManyPixels:
            raise
        except Exception as wrong:  # a hostile picture may break its reader in any way
            raise ValueError("no picture") from wrong


def _drawn(content: bytes, form: str) -> bytes:
    with Image.open(BytesIO(content), formats=[form]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise TooManyPixels
        up = picture.getexif().get(ORIENTATION, 1)
        picture.load()
        picture.info = {name: picture.info[name] for name in ("icc_profile", "transparency") if name in picture.info}
        kept = Image.Exif()
        if up in range(2, 9):
            kept[ORIENTATION] = up
        out, how = BytesIO(), {"quality": "keep" if picture.format == "JPEG" else 95} if form == "JPEG" else {}
        picture.save(out, form, exif=kept.tobytes() if len(kept) else b"", **how)
        return out.getvalue()
