"""Markdown tables become tables of record: row heads, figures on the right, cards on a phone, a region that scrolls."""

from __future__ import annotations

from dataclasses import dataclass, field

from markdown_it.token import Token

ROLES = {
    "table_open": "table",
    "thead_open": "rowgroup",
    "tbody_open": "rowgroup",
    "tr_open": "row",
    "th_open": "columnheader",
    "td_open": "cell",
}


@dataclass
class _Place:
    """Where the walk is: the heads of the table's columns and the column of the present cell."""

    heads: list[str] = field(default_factory=list)
    column: int = 0
    in_head: bool = False


def dress(tokens: list[Token]) -> None:
    """Give the tokens of every table their roles, classes and labels; the style attribute of alignment goes.

    The roles keep a table a table for screen readers when its rows are shown as cards.
    """
    place = _Place()
    row_head: Token | None = None
    for number, token in enumerate(tokens):
        if token.type == "table_open":
            place = _Place()
            token.attrSet("class", "table figures stacks")
        elif token.type in ("thead_open", "thead_close"):
            place.in_head = token.type == "thead_open"
        elif token.type == "tr_open":
            place.column = 0
        if token.type in ROLES:
            token.attrSet("role", ROLES[token.type])
        if token.type in ("th_open", "td_open"):
            row_head = _dress_cell(token, tokens[number + 1], place)
        elif token.type == "td_close" and row_head is not None:
            token.tag, row_head = "th", None


def _dress_cell(cell: Token, words: Token, place: _Place) -> Token | None:
    """Dress one cell; returns it when it became the head of its row."""
    style = str(cell.attrs.pop("style", ""))
    if style.endswith("right"):
        cell.attrSet("class", "amount")
    place.column += 1
    if place.in_head:
        cell.attrSet("scope", "col")
        place.heads.append("".join(child.content for child in words.children or ()))
        return None
    if place.column == 1:
        cell.tag = "th"
        cell.attrs.update({"role": "rowheader", "scope": "row"})
        return cell
    cell.attrSet("data-label", place.heads[place.column - 1])
    return None
