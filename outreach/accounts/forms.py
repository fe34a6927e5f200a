"""Forms of the staff: sign in, accept an invitation."""

from __future__ import annotations

import unicodedata

from flask_security.forms import LoginForm
from wtforms import EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from outreach.forms import StaffForm
from outreach.language import mark
from outreach.mail import addresses

VARIANTS = {"en": "English", "lat": "srpski, latinica", "cir": "српски, ћирилица"}
NOT_RIGHT = mark("The address or the password is not right.")
SHORTEST, LONGEST = 12, 128


def cleaned(value: str | None) -> str | None:
    """Typed text as it is kept: composed letters, no control characters but line breaks and tabs (F-14)."""
    if not value:
        return value
    composed = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    return "".join(c for c in composed if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


class SignInForm(LoginForm):
    """Flask-Security's form with our words; no "remember me", the desk is never remembered."""

    email = EmailField(
        mark("E-mail address"), filters=[cleaned], validators=[DataRequired(mark("Enter your e-mail address."))]
    )
    password = PasswordField(
        mark("Password"), validators=[DataRequired(mark("Enter your password.")), Length(max=1000, message=NOT_RIGHT)]
    )
    remember = None

    def validate_next(self, field: HiddenField) -> None:
        """Any text may come here; `access.local_path` alone decides where it leads."""

    def validate_password(self, field: PasswordField) -> None:
        """The hash takes no NUL; nobody's password has one."""
        if "\0" in (field.data or ""):
            raise ValidationError(NOT_RIGHT)


class InvitationForm(StaffForm):
    """Opens an account from a one-time link."""

    name = StringField(
        mark("Your name, as colleagues see it"),
        filters=[cleaned],
        validators=[
            DataRequired(mark("Enter your name.")),
            Length(max=120, message=mark("Use 120 characters at most.")),
        ],
    )
    email = EmailField(
        mark("E-mail address"), filters=[cleaned], validators=[DataRequired(mark("Enter your e-mail address."))]
    )
    password = PasswordField(
        mark("Password"),
        validators=[
            DataRequired(mark("Choose a password.")),
            Length(min=SHORTEST, message=mark("Use 12 characters or more.")),
            Length(max=LONGEST, message=mark("Use 128 characters at most.")),
        ],
    )
    variant = RadioField(mark("Language of the desk"), choices=list(VARIANTS.items()), default="en")

    def validate_password(self, field: PasswordField) -> None:
        if "\0" in (field.data or ""):
            raise ValidationError(mark("Use letters, digits, signs and spaces."))

    def validate_email(self, field: EmailField) -> None:
        try:
            field.data = addresses.check(field.data or "")
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from None
