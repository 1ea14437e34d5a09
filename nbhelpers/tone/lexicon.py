"""The words that show a tone, read from ``data/tone_words.tsv`` or from a user's own file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from csv import DictReader
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from nbhelpers.corpus import InputError
from nbhelpers.loading.files import list_files
from nbhelpers.loading.problems import Problem, UnreadableError
from nbhelpers.loading.tables import Row, read_rows
from nbhelpers.text import normalise, word_spans

LISTED = (
    *("hedge", "booster", "evidential", "intensifier"),
    *("opinion_marker", "first_person", "loaded"),
)
CATEGORIES = (*LISTED, "scare_quote", "valence")
"""What a word can show; a user's lexicon may hold all of these but ``scare_quote``."""
OTHER_SENSE = "other"  # phrases in which a word shows nothing: "as soon as possible"

_COLUMNS = ("term", "category", "weight")
_BOUNDS = {"valence": (-4.0, 4.0)}  # VADER's scale
_MOST_WORDS = 12


class Context(NamedTuple):
    """What must stand around a term: words, or classes of words in capitals; see ``data/README``.

    ``negated`` is the category of a term behind a negation, ``none`` if it then shows nothing, and
    empty if the negation changes nothing.
    """

    next: frozenset[str] = frozenset()
    not_next: frozenset[str] = frozenset()
    previous: frozenset[str] = frozenset()
    not_previous: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    negated: str = ""


ANYWHERE = Context()


class Term(NamedTuple):
    """A word or phrase of a lexicon, as :func:`nbhelpers.text.normalise` writes its words.

    The last word may end with ``*``, which stands for any ending.
    """

    words: tuple[str, ...]
    category: str
    weight: float
    context: Context = ANYWHERE


Lexicon = tuple[Term, ...]


@cache
def built_in() -> Lexicon:
    """Return the lexicon of the package."""
    lines = files("nbhelpers").joinpath("data/tone_words.tsv").read_text("utf-8").splitlines()
    return tuple(
        Term(words_of(term), row["category"], float(row["weight"]), _context(row["context"]))
        for row in DictReader(lines, delimiter="\t", quoting=3)
        for term in row["terms"].split("; ")
    )


def words_of(term: str) -> tuple[str, ...]:
    """Return the words of a term as they are counted; a ``*`` behind a word stays.

    >>> words_of("So-called"), words_of("can’t  be certain*")
    (('so-called',), ("can't", 'be', 'certain*'))
    """
    return tuple(
        normalise(term[start:end]) + "*" * term.startswith("*", end)
        for start, end in word_spans(term)
    )


def read_lexicon(path: str | Path) -> Lexicon:
    """Read a lexicon from a table of a user's own.

    Args:
        path: a .csv or .tsv file with the columns ``term`` (a word or phrase; ``*`` at the end
            stands for any ending), ``category`` (one of ``CATEGORIES``, scare quotes aside) and
            ``weight`` (0 to 1; for ``valence``, whose terms are single words, -4 to 4).

    Raises:
        InputError: the file cannot be used; the message names the place and the remedy.
    """
    terms: dict[tuple[tuple[str, ...], str], Term] = {}
    for row in _rows(Path(path)):
        try:
            term = _term(row)
            if (term.words, term.category) in terms:
                raise UnreadableError("the term stands there twice", "keep one of its rows")
        except UnreadableError as fault:
            raise InputError(str(fault.at(str(path), row.place))) from None
        terms[term.words, term.category] = term
    if not terms:
        raise InputError(f"{path}: the lexicon has no rows; add a row for each term.")
    return tuple(terms.values())


def combined(own: Lexicon | None) -> Lexicon:
    """Return the package's lexicon with the categories that a user's lexicon holds exchanged.

    >>> own = (Term(("murky",), "hedge", 1.0),)
    >>> [term.words for term in combined(own) if term.category == "hedge"]
    [('murky',)]
    """
    taken = {term.category for term in own or ()}
    return (*(term for term in built_in() if term.category not in taken), *(own or ()))


def _rows(path: Path) -> Iterator[Row]:
    """The rows of a user's table; whatever is wrong with the file is one sentence."""
    try:
        found, _ = list_files(path)
        if path.is_dir() or not found or found[0].kind not in (".csv", ".tsv"):
            raise UnreadableError("a lexicon is a .csv or .tsv file", "name one")
        for row in read_rows(found[0]):
            if isinstance(row, Problem):
                raise InputError(str(row))
            if lacking := [name for name in _COLUMNS if name not in row.columns]:
                raise UnreadableError(
                    f"there is no column {lacking[0]!r}",
                    f"name the columns {', '.join(_COLUMNS)} in the first line",
                )
            yield row
    except UnreadableError as fault:
        raise InputError(str(fault.at(str(path)))) from None


def _term(row: Row) -> Term:
    written, category = str(row.cells.get("term", "")), str(row.cells.get("category", "")).strip()
    words = words_of(written)
    if not words:
        raise UnreadableError(f"the term {written!r} holds no word", "write a word or phrase")
    if len(words) > _MOST_WORDS:
        raise UnreadableError(f"the term has more than {_MOST_WORDS} words", "shorten it")
    if any("*" in word for word in words[:-1]) or written.count("*") > words[-1].count("*"):
        raise UnreadableError(
            "a * stands elsewhere than at the end of the last word", "write one term for each form"
        )
    known = [name for name in CATEGORIES if name != "scare_quote"]
    if category not in known:
        raise UnreadableError(
            f"there is no category {category!r}", f"choose one of {', '.join(known)}"
        )
    if category == "valence" and len(words) > 1:
        raise UnreadableError(
            f"the valence term {written!r} is a phrase", "VADER looks up single words: give one"
        )
    return Term(words, category, _weight(row, category))


def _weight(row: Row, category: str) -> float:
    low, high = _BOUNDS.get(category, (0.0, 1.0))
    written = str(row.cells.get("weight", ""))
    try:
        weight = float(written)
    except ValueError:
        weight = float("nan")
    if not low <= weight <= high:
        raise UnreadableError(
            f"the weight {written!r} is no number from {low:g} to {high:g}",
            f"write one, such as {high:g}",
        )
    return weight


def _context(cell: str) -> Context:
    """Read a cell such as ``lower next!=NUMBER,is``."""
    sets: dict[str, frozenset[str]] = {}
    flags: list[str] = []
    negated = ""
    for condition in cell.split():
        name, equals, words = condition.partition("=")
        if not equals:
            flags.append(name)
        elif name == "negated":
            negated = words
        else:
            field = f"not_{name[:-1]}" if name.endswith("!") else name
            sets[field] = frozenset(words.split(","))
    return Context(flags=frozenset(flags), negated=negated, **sets)


def valence_weights(terms: Iterable[Term], vocabulary: Iterable[str]) -> dict[str, float] | None:
    """Return a user's valence terms for the words of a corpus; None where there are none."""
    given = [term for term in terms if term.category == "valence"]
    if not given:
        return None
    weights = {term.words[0]: term.weight for term in given}
    open_ended = [(word[:-1], weight) for word, weight in weights.items() if word.endswith("*")]
    for word in vocabulary if open_ended else ():
        for beginning, weight in open_ended:
            if word.startswith(beginning):
                weights.setdefault(word, weight)
    return weights
