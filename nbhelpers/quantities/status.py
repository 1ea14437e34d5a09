"""What is said to have become of what is counted, and where: the governing verb, the place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from nbhelpers.lexicons import nationalities, phrase_key, places
from nbhelpers.quantities.words import Words

EXPECTED = "expected"
STATUS_OF = {
    "things": (
        *("deployed", "training", "fighting", "prepared", EXPECTED, "delivered", "killed"),
        *("wounded", "missing", "captured", "lost", "displaced"),
    ),
    "money": ("prepared", EXPECTED, "delivered", "lost", "paid"),
}
"""What may become of things, and of money; lengths, times and percentages have no status."""
_REACH = 9  # tokens between the number and its verb
_BREAKS = frozenset(
    ", ; : ( ) — – who which that while when where whereas because although".split()
)
_AUXILIARIES = frozenset(
    "is are was were be been being has have had also already still currently now since so far "
    "reportedly allegedly recently just then not all since have's".split()
)
_AHEAD = frozenset(
    "will would could may might shall should can expected expects expect plan plans planned "
    "planning scheduled set due slated intends intend intended hopes going about to wants "
    "promised pledged vowed agreed ready".split()
)
_SURELY_AHEAD = _AHEAD - {"to", "about", "going", "set", "due", "ready"}
_PASSED_OVER = frozenset(("with", "of", "about"))  # ``supplied Moscow with 11,000``
_PREPARES = frozenset("preparing prepares prepare prepared readying".split())
_OTHERS = frozenset(("IN", "VBD", "VBZ", "VBG", "MD", "TO"))
_INTO = frozenset("in into inside near at across throughout within outside around".split())
_TOWARD = frozenset("to from toward towards on for".split())
_PLACE_PARTS = frozenset(
    "eastern western northern southern central north south east west the northeastern "
    "northwestern southeastern southwestern occupied neighbouring neighboring upper lower".split()
)
_PLACE_NOUNS = frozenset(
    "province region oblast district city state county border prefecture".split()
)
_NOT_PLACES = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday mr mrs ms dr president".split()
)
_PLACE_WITHIN = 14  # tokens behind the number
_LONGEST_PLACE = 5


def status(words: Words, first: int, end: int) -> str | None:
    """Return what became of what tokens ``first`` to ``end`` count, as its verb tells.

    The verb whose subject it is goes before the verb whose object it is, and before a noun.

    >>> from nbhelpers.quantities.words import split
    >>> def read(text, first, end):
    ...     return status(split(text, 0, len(text)), first, end)
    >>> read("Another 7,000 are expected to go", 0, 2), read("It moved 3,000 soldiers", 2, 4)
    ('expected', 'deployed')
    >>> read("Russia was preparing to send 12,000 soldiers", 5, 7)
    'prepared'
    """
    participle = _verbs().get(words.at(end)) if words.classes(end) == {"VBG"} else None
    behind = None if participle else _behind(words, end)
    return behind or _before(words, first) or participle or _noun_before(words, first)


def _behind(words: Words, token: int) -> str | None:
    """The verb behind its subject: ``400,000 have been killed``, ``3,000 wounded``."""
    ahead, negated = False, False
    for place in range(token, min(len(words), token + _REACH)):
        lower = words.at(place)
        if lower in _AHEAD:
            ahead = True
        elif lower in ("not", "no", "never"):
            negated = True
        elif lower == "left" and words.at(place + 1) not in ("to", "for", "from"):
            break
        elif found := _verbs().get(lower):
            return EXPECTED if ahead else None if negated else found
        elif lower not in _AUXILIARIES and not lower.endswith("ly"):
            break
    surely = not _SURELY_AHEAD.isdisjoint(words.lower[token : token + 4])
    return EXPECTED if ahead and surely and words.at(token) in _AHEAD | _AUXILIARIES else None


def _before(words: Words, token: int) -> str | None:
    """The verb before its object, and what stands before that: ``plans to send 12,000``."""
    for place in range(token - 1, max(-1, token - 1 - _REACH), -1):
        lower = words.at(place)
        if lower in _BREAKS:
            return None
        if found := _verbs().get(lower):
            return _as_planned(words, place, found) if _is_verb(words, place) else None
        if lower not in _PASSED_OVER and not words.classes(place).isdisjoint(_OTHERS):
            return None
    return None


def _is_verb(words: Words, token: int) -> bool:
    """Whether a form that may be a noun (*supply*) follows what a verb follows."""
    classes = words.classes(token)
    if classes.isdisjoint(("NN", "NNS")) or not classes.isdisjoint(("VBD", "VBG", "VBN")):
        return True
    before = words.classes(token - 1)
    return not before.isdisjoint(("MD", "TO", "PRP", "RB", "NNS", "^"))


def _as_planned(words: Words, verb: int, found: str) -> str:
    group = words.lower[max(0, verb - 4) : verb]
    for lower in reversed(group):
        if lower in _BREAKS:
            break
        if lower in _PREPARES:
            return "prepared"
        if lower in _AHEAD and lower != "to":
            return EXPECTED
    return found


def _noun_before(words: Words, token: int) -> str | None:
    """``losses of 600,000``, ``a death toll of 30``."""
    before = words.lower[max(0, token - 4) : token]
    if "of" not in before and "at" not in before:
        return None
    if "toll" in before:
        return "killed" if "death" in before else None
    return next((s for lower in reversed(before) if (s := _nouns().get(lower))), None)


def place(words: Words, first: int, end: int) -> tuple[int, int] | None:
    """Return the tokens that name where it is, behind what is counted or else before it.

    >>> from nbhelpers.quantities.words import split
    >>> words = split("3,000 soldiers moved into eastern Russia by ship", 0, 48)
    >>> words.slice(*place(words, 0, 2))
    'eastern Russia'
    """
    behind = range(end, min(len(words), end + _PLACE_WITHIN))
    before = range(first - 1, max(-1, first - 1 - _REACH), -1)
    return _place_among(words, behind) or _place_among(words, before)


def _place_among(words: Words, tokens: Sequence[int]) -> tuple[int, int] | None:
    for token in tokens:
        lower = words.at(token)
        if lower == "that" and words.at(token - 1) == ",":
            return None
        if lower in (";", ":") or (words.is_figure(token) and not words.is_capital(token - 1)):
            return None
        if lower in _INTO | _TOWARD and (found := _place_at(words, token + 1, lower in _INTO)):
            return found
    return None


def _place_at(words: Words, token: int, surely: bool) -> tuple[int, int] | None:
    """The name of a place at a token; where a preposition of place stands, any other name."""
    token += words.at(token) == "the"
    end = token
    while end < token + _LONGEST_PLACE and _is_place_part(words, end):
        end += 1
    while end > token and not words.is_word(end - 1):
        end -= 1
    names = [t for t in range(token, end) if words.is_capital(t)]
    if not names or words.at(names[0]) in _NOT_PLACES:
        return None
    known = any(_is_known(words.slice(a, b)) for a in names for b in range(a + 1, end + 1))
    return (token, end) if known or (surely and words.has_typical_capitals) else None


def _is_place_part(words: Words, token: int) -> bool:
    if words.is_capital(token) and words.is_word(token):
        return words.at(token) not in _NOT_PLACES
    if words.form(token) == "-":
        return words.is_glued(token) and words.is_glued(token + 1)
    return words.at(token) in _PLACE_PARTS | _PLACE_NOUNS


def _is_known(name: str) -> bool:
    key = phrase_key(name)
    return key in nationalities() or key in places()


@cache
def _verbs() -> dict[str, str]:
    return _listed("forms")


@cache
def _nouns() -> dict[str, str]:
    return _listed("nouns")


def _listed(column: str) -> dict[str, str]:
    table = (files("nbhelpers") / "data" / "claim_status.tsv").read_text("utf-8").splitlines()
    head, *rows = (line.split("\t") for line in table)
    place = head.index(column)
    return {form: row[0] for row in rows for form in row[place].split()}
