"""Shared fixtures: a small corpus, a hostile one, and a Chromium that reaches no network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nbhelpers.corpus import Corpus, Document

os.environ.setdefault("MPLBACKEND", "Agg")

# What a text, an id or a metadata value may hold to break out of a page, a notebook or a template.
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> </style><style>*{display:none}</style>"
    " </script><script>alert(3)</script> [a](javascript:alert(4)) <a href='javascript:alert(5)'>b"
    " # Heading\n\n**bold** $$\\frac{1}{0}$$ $x$ {{ 7 * 7 }} {% raw %} {# no #} -->]]> &amp; \"'`"
    " \u202eright to left\u202c שלום \x00\x07\x0b\x1b[31m \U0001f4f9 'http://example.org/'"
)

_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def small_corpus() -> Corpus:
    """Three short texts on one event; the second is older and shares a sentence with the first."""
    shared = "The ministry confirmed the transfer of 3,000 troops on Monday."
    texts = {
        "a": f"Troops cross the border\n\n{shared} “We saw them,” Kim Lee said.\n",
        "b": f"Ministry speaks\n\nIt was raining. {shared}\n",
        "sub/c": "No news\n\nNothing happened 📹 today.\n",
    }
    published = {"b": "2024-10-23"}
    return Corpus(
        Document(doc_id, text, f"{doc_id}.txt", {"published": published.get(doc_id)})
        for doc_id, text in texts.items()
    )


@pytest.fixture
def hostile_corpus() -> Corpus:
    """Texts, ids, file names and metadata that try to become markup, script or template."""
    metadata = {"outlet": HOSTILE, "published": HOSTILE, "url": "javascript:alert(6)"}
    return Corpus(
        [
            Document(HOSTILE, f"{HOSTILE}\n\n{HOSTILE}", HOSTILE, metadata),
            Document("../../etc/passwd", f"Title\r\n\r\n{HOSTILE}\rlast", "../x", metadata),
        ]
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A Chromium; without one, browser tests are skipped, or fail where CI is true."""
    executable = next(filter(None, map(shutil.which, _CHROMIUM_NAMES)), None)
    if executable is None:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up(f"no Chromium found (looked for {', '.join(_CHROMIUM_NAMES)})")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=_CHROMIUM_ARGUMENTS, timeout=60_000
        )
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Any) -> Iterator[Callable[..., Any]]:
    """A function that opens a file of a report: ``browse(path, fragment="", scheme=, width=)``.

    When the test ends, no page may have asked the network for anything, opened a dialogue or
    written an error to the console.
    """
    contexts, complaints = [], []

    def watch(page: Any) -> None:
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: message.type == "error" and complaints.append(message.text),
        )
        page.on(
            "request",
            lambda request: (
                request.url.startswith(("file:", "data:")) or complaints.append(request.url)
            ),
        )

    def open_page(
        path: Path, fragment: str = "", *, scheme: str = "light", width: int = 1280
    ) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(path.as_uri() + fragment)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
