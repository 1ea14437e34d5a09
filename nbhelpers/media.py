"""What a medium is called: names that are known, endings of names, and words for media at large."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby

from nbhelpers.text import Span

_KIND = (
    r"(?:(?:news )?(?:agency|channel|network|website|site|service|outlet)|newspaper|daily|magazine"
    r"|broadcaster|television|radio|TV|tabloid|news)"
)
_WHOSE = (
    r"(?:state|local|national|public|regional|foreign|international|independent|official|opposition"
    r"|private|government|semi-official|[a-z]+-(?:run|owned|controlled|backed|language|based)"
    r"|(?!\w+day\b)[A-Z]\w+(?:['’]s)?)"
)
_AT_LARGE = (
    rf"(?i:(?:state|local|public|national)(?:-(?:run|owned|controlled))?) (?:[a-z]+ )?"
    rf"(?:media|television|TV|radio|news agency|newspapers?|broadcaster)"
    rf"|{_WHOSE} (?:state(?:-(?:run|owned|controlled))? )?(?:media|television|TV|news agency|daily)"
)
_BEFORE = re.compile(
    rf"(?:\b(?:[Tt]he|[Ii]ts|[Tt]heir) )?(?:\b(?:{_WHOSE} ){{0,3}}{_KIND} )?$"
)  # ends a stretch in front of a name
_REACH = 60  # characters in front of a name in which it may be described
_NO_MEDIA = re.compile(r"\b(?:for|of|at|from) (?:the |The )?$|\b(?:[Ss]ocial|[Mm]ass) media$")


def media_in(text: str) -> Iterator[Span]:
    """Yield the media that a text names, with article and what they are called a kind of.

    >>> text = "He told the BBC and Russian news agency TASS. State television was silent."
    >>> [text[a:b] for a, b in media_in(text)]
    ['the BBC', 'Russian news agency TASS', 'State television']
    """
    waiting: Span | None = None
    for found in _media().finditer(text):
        start, end = found.span()
        before = _BEFORE.search(text[max(0, start - _REACH) : start])
        start -= len(before[0]) if before else 0
        if waiting and waiting[1] <= start:
            yield waiting
        waiting = start, end
    if waiting:
        yield waiting


def is_medium(name: str) -> bool:
    """Return whether a source is a medium, by its name alone.

    >>> is_medium("The New York Times"), is_medium("the Pentagon")
    (True, False)
    >>> is_medium("state media"), is_medium("a spokesman for the BBC")
    (True, False)
    """
    found = _media().search(name)
    return found is not None and not _NO_MEDIA.search(name[: found.start()])


@cache
def _media() -> re.Pattern[str]:
    """Names of media, and capitalised words that end like one (``Times``, ``News Agency``)."""
    rows = list(_rows("media_names.tsv"))
    names = {name for kind, name in rows if kind == "name"} | set(_institutions())
    endings, short = (
        "|".join(re.escape(name) for kind, name in rows if kind == wanted)
        for wanted in ("ending", "short")
    )
    parts = [
        rf"(?:[A-Z][\w’'&]*[ -]){{1,4}}(?:{endings})(?: \d)?(?! (?!\w+day\b)[A-Z])",
        rf"(?:{_by_first_letter(names)})(?: News| Radio| TV| Television)?",
        rf"(?<=[Tt]he )(?:{short})",
    ]
    return re.compile(rf"\b(?:(?:{'|'.join(parts)})(?: {_KIND})?|{_AT_LARGE})(?!\w)")


def _by_first_letter(names: set[str]) -> str:
    """An alternation that need not try every name at every word; longer names come first."""
    ordered = sorted(names, key=lambda name: (name[0], -len(name), name))
    return "|".join(
        rf"{re.escape(letter)}(?:{'|'.join(re.escape(name[1:]) for name in of_letter)})"
        for letter, of_letter in groupby(ordered, key=lambda name: name[0])
    )


def _institutions() -> Iterator[str]:
    """The media among the institutions, by name and abbreviation."""
    for name, aliases, type_, _ in _rows("institutions.tsv"):
        if type_ == "media":
            yield from (form for form in (name, *aliases.split("; ")) if form)


def _rows(table: str) -> Iterator[list[str]]:
    lines = (files("nbhelpers") / "data" / table).read_text("utf-8").splitlines()[1:]
    return (line.split("\t") for line in lines)
