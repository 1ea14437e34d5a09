"""What a reporting word says of its reporter: the lexicon, and the words around a cue."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from csv import DictReader
from functools import cache
from importlib.resources import files
from typing import NamedTuple

NEUTRAL = "neutral"
ATTITUDES = ("endorses", "distances", "rejects", "concedes", "disparages", "dramatises")
"""What a reporter may add to *said*, see :func:`nbhelpers.voices.reporting`."""

REACH = 6  # words before a reporting word that may deny it or make it hypothetical
OTHER_SENSE = "other"  # phrases in which a word says something else: "insisted on"
_MODIFIERS = frozenset({"adverb", "adjective", "phrase"})
_NEGATORS = frozenset(
    "not no never neither nor without cannot nobody none hardly scarcely yet unable unwilling "
    "refuse refuses refused refusing decline declines declined declining "
    "fail fails failed failing".split()
)
_AFFIRMED = frozenset("resist help hesitate only just".split())  # "could not help pointing out"
_IRREALIS = frozenset("if whether unless".split())
_MODALS = frozenset("would could might may should can will shall must".split())
# Behind these an infinitive is what happened ("went on to claim", "was forced to admit":
# Karttunen 1971, Implicative verbs, Language 47); behind others ("wants to prove") it may not have.
_ACTUAL = frozenset(
    "continue continues continued continuing go goes went going begin begins began start starts "
    "started come comes came proceed proceeded force forced forcing compel compelled pause paused "
    "manage managed quick rush rushed first take takes took taking used".split()
)


class Entry(NamedTuple):
    """A word of the lexicon: ``holds`` says that its attitude survives a negation."""

    lemma: str
    part_of_speech: str
    attitude: str
    holds: bool


class Match(NamedTuple):
    """An entry at its words: from the first to the one behind the last."""

    first: int
    past: int
    entry: Entry


class Judgement(NamedTuple):
    """What a cue says: the words that say it, the attitude, and whether the report is asserted."""

    first: int
    past: int
    attitude: str
    status: str


class Window(NamedTuple):
    """The words in and around a cue, as they are counted.

    ``in_cue``, ``in_content``: which are words of the cue, and of what it reports; ``joined``:
    which follow the word before with nothing but blanks between.
    """

    words: Sequence[str]
    in_cue: Sequence[bool]
    in_content: Sequence[bool]
    joined: Sequence[bool]


Lexicon = dict[str, list[tuple[tuple[str, ...], Entry]]]


def judge(window: Window) -> Judgement | None:
    """Return which attitude a cue carries; None where the lexicon has none of its words.

    A modifier ("falsely claimed") counts before a verb, a verb before a noun, and what evaluates
    before what does not ("boasted in a statement"). Where a negation takes the attitude away
    ("never claimed") the answer is None too.

    >>> words = "he has not admitted it".split()
    >>> window = Window(words, [w == "admitted" for w in words], [False] * 5, [True] * 5)
    >>> judge(window)
    Judgement(first=3, past=4, attitude='concedes', status='negated')
    """
    heads, modifiers = reporting_words()
    found = [match for match in _matches(window, heads) if _reports(window, match)]
    found += [match for match in _matches(window, modifiers) if _modifies(window, match, found)]
    if not found:
        return None
    best, *rest = sorted(found, key=_rank)
    first, past = best.first, best.past
    if best.entry.part_of_speech in _MODIFIERS and rest:
        first, past = min(first, rest[0].first), max(past, rest[0].past)
    status = _status(window, first, best.entry)
    if best.entry.attitude == OTHER_SENSE or (status == "negated" and not best.entry.holds):
        return None
    return Judgement(first, past, best.entry.attitude, status)


@cache
def reporting_words() -> tuple[Lexicon, Lexicon]:
    """Return the words that report and those that modify them, by the first word of their forms.

    The table is ``data/reporting_verbs.tsv``; ``data/README.md`` says where it comes from.

    >>> reporting_words()[0]["whined"]
    [(('whined',), Entry(lemma='whine', part_of_speech='verb', attitude='disparages', holds=False))]
    """
    heads: Lexicon = {}
    modifiers: Lexicon = {}
    path = files("nbhelpers") / "data" / "reporting_verbs.tsv"
    for row in DictReader(path.read_text("utf-8").splitlines(), delimiter="\t", quoting=3):
        part_of_speech = row["part_of_speech"]
        entry = Entry(row["lemma"], part_of_speech, row["attitude"], row["negated"] == "holds")
        lexicon = modifiers if part_of_speech in _MODIFIERS else heads
        for form in (row["lemma"], *row["forms"].split()):
            words = tuple(form.split("_"))
            lexicon.setdefault(words[0], []).append((words, entry))
    for listed in (*heads.values(), *modifiers.values()):
        listed.sort(key=lambda form: (-len(form[0]), form[1].part_of_speech != "verb"))
    return heads, modifiers


def _matches(window: Window, lexicon: Lexicon) -> Iterator[Match]:
    """The longest entry at each word that no other covers."""
    covered = 0
    for first, word in enumerate(window.words):
        for words, entry in lexicon.get(word, ()) if first >= covered else ():
            past = first + len(words)
            if tuple(window.words[first:past]) == words:
                yield Match(first, past, entry)
                covered = past
                break


def _reports(window: Window, match: Match) -> bool:
    """Whether a word is part of the cue, or what the cue denies: "refused to admit"."""
    if any(window.in_cue[match.first : match.past]):
        return True
    cue, to = match.first - 2, match.first - 1
    return cue >= 0 and (
        window.in_cue[cue] and window.words[to] == "to" and window.words[cue] in _NEGATORS
    )


def _modifies(window: Window, match: Match, heads: Sequence[Match]) -> bool:
    """Whether a modifier stands in the cue or beside it; an adjective, before what reports."""
    if match.entry.part_of_speech == "adjective":
        return any(head.first == match.past for head in heads)
    if any(window.in_cue[match.first : match.past]):
        return True
    before = match.first > 0 and window.in_cue[match.first - 1]
    after = match.past < len(window.words) and window.in_cue[match.past]
    is_beside = before or (after and window.joined[match.past])
    return is_beside and not window.in_content[match.first]


def _rank(match: Match) -> tuple[bool, bool, bool, int]:
    entry = match.entry
    return (
        entry.attitude not in ATTITUDES,
        entry.part_of_speech not in _MODIFIERS,
        entry.part_of_speech != "verb",
        match.first,
    )


def _status(window: Window, first: int, entry: Entry) -> str:
    """``negated``, ``hypothetical`` (may, would, if, wants to) or ``asserted``."""
    before = _before(window, first)
    if _has(before, _AFFIRMED):
        return "asserted"
    if any(word in _NEGATORS or word.endswith("n't") for word in before):
        return "negated"
    is_base = window.words[first] == entry.lemma.partition("_")[0]
    is_modal = _has(before, _MODALS) and (is_base or _has(before, {"have", "be"}))
    is_infinitive = is_base and _behind_to(before) and not _has(before, _ACTUAL)
    if _has(before, _IRREALIS) or is_modal or is_infinitive:
        return "hypothetical"
    return "asserted"


def _before(window: Window, first: int) -> list[str]:
    """The words before one in the same stretch of the reporter's, the nearest first."""
    found: list[str] = []
    for place in range(first, max(0, first - REACH), -1):
        word = window.words[place - 1]
        is_refused = place == first and word == "to"  # behind "refused" it is tagged as content
        if not window.joined[place] or (window.in_content[place - 1] and not is_refused):
            break
        found.append(word)
    return found


def _behind_to(before: Sequence[str]) -> bool:
    """Whether a word is an infinitive; an adverb may part it.

    >>> _behind_to(["falsely", "to"]), _behind_to(["his", "to", "contrary"])
    (True, False)
    """
    return before[:1] == ["to"] or (before[1:2] == ["to"] and before[0].endswith("ly"))


def _has(words: Sequence[str], known: Container[str]) -> bool:
    return any(word in known for word in words)
