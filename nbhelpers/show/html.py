"""Values into templates: the one place where text becomes HTML.

Every value that a template prints is escaped and made showable; only what another template of
this package made goes in as it is.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# What ends like a digest is not plain: an id must not be able to take another's name.
_PLAIN_NAME = re.compile(r"(?!.*-[0-9a-f]{20}$)[a-z0-9][a-z0-9._-]{0,79}")
_RESERVED_NAME = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


class Link(NamedTuple):
    """A page of the report: what it is called, and where it lies below the report's folder."""

    title: str
    href: str


class Shown:
    """Something to look at: HTML for notebooks and pages, plain text for everything else."""

    def __init__(self, html: str, text: str) -> None:
        """Keep both forms; ``html`` must come from a template of this package."""
        self._html = html
        self._text = text

    def _repr_html_(self) -> str:
        return self._html

    def __html__(self) -> str:
        """Return the HTML, so that a template takes it as it is."""
        return self._html

    def __repr__(self) -> str:
        """Return the plain text."""
        return self._text


def showable(value: Any) -> Any:
    """Replace, one for one, the characters that a page cannot hold; leave other values alone.

    >>> showable("a\\x00b")
    'a␀b'
    """
    return _UNSHOWABLE.sub(_stand_in, value) if type(value) is str else value


def _stand_in(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(0x2400 + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"


def reader_name(doc_id: str) -> str:
    """Return the file name of a text's reader page: safe on every system, unique, stable.

    An id that is no plain lower-case name gets a digest, because some systems take ``A`` and ``a``
    for one file.

    >>> reader_name("003_5762")
    '003_5762.html'
    >>> reader_name("Press/Kyiv 1")
    'press-kyiv-1-3c22044dfa233eb0158c.html'
    """
    if _PLAIN_NAME.fullmatch(doc_id) and not _RESERVED_NAME.match(doc_id):
        return f"{doc_id}.html"
    digest = hashlib.sha256(doc_id.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    stem = re.sub(r"[^a-z0-9_]+", "-", doc_id.lower()).strip("-")[:60]
    return f"{stem or 'text'}-{digest}.html"


def reader_link(doc_id: str, start: int | None = None, end: int | None = None) -> str:
    """Return the address of a text's reader page below the report's folder, or a place in it.

    ``start`` and ``end`` are code points into the raw text, end exclusive.

    >>> reader_link("003_5762", 120, 180)
    'texts/003_5762.html#c120-180'
    """
    page = f"texts/{quote(reader_name(doc_id))}"
    return page if start is None or end is None else f"{page}#c{start}-{end}"


def render(template: str, /, **values: Any) -> Markup:
    """Fill a template of this package."""
    return Markup(_environment().get_template(template).render(values))


def render_page(template: str, /, **values: Any) -> str:
    """Fill the template of a whole page: one stylesheet and one script inlined, no network."""
    script = _asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = render(template, css=_asset("page.css"), script=script, script_digest=digest, **values)
    return str(page).replace("<a data-place=", "<a href=")


@cache
def _asset(name: str) -> Markup:
    return Markup(files("nbhelpers").joinpath("templates", name).read_text("utf-8"))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("nbhelpers"),
        autoescape=True,
        finalize=showable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
