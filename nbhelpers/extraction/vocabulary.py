"""The parts of speech that a word form was seen with: a table to look up, no tagger."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

TABLE = Path(str(files("nbhelpers") / "models" / "word_classes.tsv"))
_ENDING = 3


def word_class(word: str) -> str:
    """Return the usual parts of speech of a form, or a guess from its ending; a mark is itself.

    Capitalised words have a caret before theirs, and a row of their own where they are common. The
    parts of speech are those of the Penn Treebank; :mod:`nbhelpers.training.word_classes` makes
    the table.

    >>> word_class("house"), word_class("Lee"), word_class(",")
    ('NN', '^NNP', ',')
    """
    if not word[:1].isalnum():
        return word
    known, form = _classes(), word.replace("’", "'")
    found = known.get(form) or known.get(form.lower())
    if word[0].isupper():
        return f"^{found or '?'}"
    return found or known.get(ending(form), "?")


def is_ordinary(words: str) -> bool:
    """Return whether all words are written with small letters too.

    >>> is_ordinary("Health Ministry"), is_ordinary("Gallup")
    (True, False)
    """
    known = _classes()
    return all(word.lower() in known for word in words.split())


def is_proper(word: str, *, begins: bool = False) -> bool:
    """Return whether a capitalised word is part of a name, by the forms in which it was seen.

    Where a sentence ``begins``, a capital says nothing: a word in use in lower case is no name.

    >>> is_proper("Lee"), is_proper("Russian"), is_proper("Police"), is_proper("May", begins=True)
    (True, True, False, False)
    """
    if not word[:1].isupper() or word == "I":
        return False
    known, form = _classes(), word.replace("’", "'")
    if not begins and form in known and set(known[form].split("|")) <= {"NNP", "NNPS"}:
        return True
    return form.lower() not in known


def ending(form: str) -> str:
    """Return the ending by which an unknown word is guessed, as the table writes it.

    >>> ending("denying")
    '-ing'
    """
    return "-" + form[-_ENDING:].lower()


@cache
def _classes() -> dict[str, str]:
    rows = (line.partition("\t") for line in TABLE.read_text("utf-8").splitlines())
    return {form: classes for form, _, classes in rows}
