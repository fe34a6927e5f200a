"""The table of files; their bytes lie in the folder of the setting FILES_DIR, which several nodes may share."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from outreach.accounts.models import Account
from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal
from outreach.inquiries.models import Inquiry, InquiryMessage


class StoredFile(Model):
    """One file: `key` is its name on the disk, made by us; `name` is what its sender called it, for people to read.

    `kind` is what its content says it is (pdf, docx, odt, jpg, png, txt), `size` in bytes, `origin` form, mail or desk.
    """

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True, info=NOT_PERSONAL)
    inquiry_id: Mapped[int] = mapped_column(Key, ForeignKey(Inquiry.id), index=True)
    message_id: Mapped[int | None] = mapped_column(Key, ForeignKey(InquiryMessage.id), index=True)
    name: Mapped[str] = mapped_column(String(200), info=personal("content"))
    kind: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    origin: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(Instant)
    added_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
