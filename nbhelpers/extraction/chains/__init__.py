"""Chains: who carried what somebody else said.

The carrier and the first source are attributions of their own; the first source's ``via`` is the
carrier. Three forms are known, a module each: a source that spoke to a medium (:mod:`.spoken`, "Lee
told NBC News"), a report within a medium's report (:mod:`.reported`, "Lee resigned, officials said,
according to Reuters"), and a source that a report cites (:mod:`.cited`, "CNN, citing officials,
said").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nbhelpers.extraction.attribution import Attribution
from nbhelpers.extraction.chains.cited import link_cited
from nbhelpers.extraction.chains.page import Page
from nbhelpers.extraction.chains.reported import link_reported, reports_of
from nbhelpers.extraction.chains.spoken import link_spoken
from nbhelpers.text import Span

__all__ = ["with_chains"]


def with_chains(
    text: str,
    found: Sequence[Attribution],
    search: Callable[[Span], list[Attribution]],
) -> list[Attribution]:
    """Return the attributions, and those that carry or feed them, linked by ``via``.

    ``search`` finds the attributions inside a stretch of the text.
    """
    page = Page(text, found)
    link_spoken(page)
    reports = list(reports_of(page))
    link_reported(page, reports, search)
    link_cited(page, reports)
    page.tidy()
    return page.attributions
