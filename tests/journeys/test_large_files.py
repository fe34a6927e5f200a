"""Large files through the real server: whole, bounded, and found by another process than the one that took them."""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.inquiries.conftest import TYPED
from tests.support.browser import Visitor
from tests.support.moment import Moment
from tests.support.pages import find_form, read

MB = 1024 * 1024


def text_of(size: int) -> bytes:
    """So many bytes of text that no two calls share."""
    return (os.urandom(size // 2 + 1).hex().encode())[:size]


def posts(url: str, values: dict[str, Any]) -> tuple[int, str, str]:
    """Send the form with its files as a browser would: status, address, page."""
    boundary, body = encode_multipart(values)
    request = urllib.request.Request(urljoin(url, "/en/media/inquiry"), body)
    request.add_header("Content-Type", f'multipart/form-data; boundary="{boundary}"')
    request.add_header("Sec-Fetch-Site", "same-origin")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.url, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.url, refused.read().decode()


@pytest.mark.prove
@pytest.mark.parametrize("engine", ["sqlite"])
def test_three_files_of_ten_megabytes_arrive_whole_and_are_served_whole(
    office_processes: Callable[..., Any], moment: Moment
) -> None:
    office = office_processes(WEB_WORKERS="2")
    page = Visitor(office.url).opens("/en/media/inquiry")
    token = find_form(read(page.html), "/en/media/inquiry").find(".//input[@name='form_token']").get("value")
    moment.moves(seconds=30)
    usual = {**TYPED, "need": "quote", "when": "none", "zone": "Europe/Belgrade", "reply": "en", "form_token": token}
    contents = [text_of(10 * MB - 1) for _ in range(3)]
    files = [FileStorage(BytesIO(content), f"{n}.txt", "files") for n, content in enumerate(contents)]
    status, _, sent = posts(office.url, {**usual, "files": files})
    assert status == 200
    links = [a["href"] for a in BeautifulSoup(sent, "html.parser").find_all("a", download=True)]
    served = [Visitor(office.url).opens(str(link)) for link in links]
    assert [hashlib.sha256(one.body).digest() for one in served] == [hashlib.sha256(c).digest() for c in contents]
    assert all(one.headers["Content-Disposition"].startswith("attachment") for one in served)

    too_large = FileStorage(BytesIO(text_of(30 * MB)), "film.txt", "files")
    status, _, again = posts(office.url, {**usual, "subject": "Another one", "files": [too_large]})
    assert status == 422
    assert "The selected file must be smaller than 10 MB" in again
