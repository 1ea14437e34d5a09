"""A sentence as the grammar of quantities sees it: words, figures and marks with their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from nbhelpers.caching import kept_for_words
from nbhelpers.extraction.vocabulary import word_class
from nbhelpers.text import Span

LONGEST = 5_000  # characters; what is longer is no sentence

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|\S")
_ADDRESS = re.compile(
    r"\w+://\S+|\bwww\.\S+|\S+@\S+|(?<!\w)[@#]\w+|\b[\w.-]+\.(?:com|org|net|gov|edu|uk|ru|ua)\b\S*",
    re.IGNORECASE,
)
_CLASSES_CACHED = 50_000


@dataclass(frozen=True)
class Words:
    """The tokens of one sentence: their spans, their forms as written, and in lower case.

    A number is a run of figures with its separators; a word has its apostrophes but no hyphens.
    What stands in an address, a handle or a hashtag has the form ``"\\0"``.
    """

    text: str
    spans: Sequence[Span]
    forms: Sequence[str]
    lower: Sequence[str]
    is_title: bool = False

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.forms)

    def at(self, token: int) -> str:
        """Return a token in lower case; empty outside of the sentence."""
        return self.lower[token] if 0 <= token < len(self.lower) else ""

    def form(self, token: int) -> str:
        """Return a token as written; empty outside of the sentence."""
        return self.forms[token] if 0 <= token < len(self.forms) else ""

    def is_glued(self, token: int) -> bool:
        """Return whether a token begins where the one before it ends."""
        return 0 < token < len(self.spans) and self.spans[token][0] == self.spans[token - 1][1]

    def is_word(self, token: int) -> bool:
        """Return whether a token is made of letters."""
        return self.form(token)[:1].isalpha()

    def is_figure(self, token: int) -> bool:
        """Return whether a token is made of figures."""
        return self.form(token)[:1].isdecimal()

    def is_capital(self, token: int) -> bool:
        """Return whether a token begins with a capital."""
        return self.form(token)[:1].isupper()

    def classes(self, token: int) -> frozenset[str]:
        """Return the parts of speech that a token may be (Penn Treebank; ``^``: a capital)."""
        return classes(self.form(token))

    def matches(self, token: int, phrase: Sequence[str]) -> bool:
        """Return whether these words, in lower case, stand at a token."""
        return token >= 0 and list(self.lower[token : token + len(phrase)]) == list(phrase)

    def ends(self, token: int, phrase: Sequence[str]) -> bool:
        """Return whether these words, in lower case, stand right before a token."""
        return self.matches(token - len(phrase), phrase)

    def slice(self, first: int, end: int) -> str:
        """Return the text of some tokens, its blanks made even."""
        return " ".join(self.text[self.spans[first][0] : self.spans[end - 1][1]].split())

    @cached_property
    def has_typical_capitals(self) -> bool:
        """Whether small words dominate, so that a capital marks a name."""
        letters = [form for form in self.forms if form[0].isalpha()]
        return 2 * sum(form[0].isupper() for form in letters) <= len(letters) + 2


def split(text: str, start: int, end: int, *, is_title: bool = False) -> Words:
    """Return the tokens of ``text[start:end]``, none if that is too long for a sentence.

    >>> split("$3.5bn, not 2-1/2.", 0, 18).forms
    ('$', '3.5', 'bn', ',', 'not', '2', '-', '1', '/', '2', '.')
    """
    if end - start > LONGEST:
        return Words(text, (), (), ())
    spans = tuple(match.span() for match in _TOKEN.finditer(text, start, end))
    hidden = [match.span() for match in _ADDRESS.finditer(text, start, end)]
    forms = tuple(
        "\0" if any(a <= span[0] < b for a, b in hidden) else text[slice(*span)] for span in spans
    )
    return Words(text, spans, forms, tuple(form.lower() for form in forms), is_title)


@kept_for_words(_CLASSES_CACHED)
def classes(form: str) -> frozenset[str]:
    """Return the parts of speech of a form, ``^`` for a capital, ``?`` where nothing is known.

    >>> sorted(classes("Korean")), sorted(classes("left"))
    (['JJ', '^'], ['NN', 'VBD', 'VBN'])
    """
    if not form[:1].isalpha():
        return frozenset()
    found = word_class(form)
    marks = frozenset("^") if found.startswith("^") else frozenset()
    return frozenset(found.lstrip("^").split("|")) | marks
