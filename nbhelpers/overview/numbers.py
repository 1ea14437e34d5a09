"""The figures that texts state in digits, dates told apart."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, table
from nbhelpers.text import MONTH
from nbhelpers.words import codes, sentence_numbers, words

_CONTEXT = 24  # characters on either side in which a date shows
_MONTH = rf"\b{MONTH}\b\.?"  # with its capital: "3 may follow" is no date
_DAY = re.compile(r"(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?")
_WHOLE_DATE = re.compile(r"\d{1,2}([/.-])\d{1,2}\1(?:\d\d|\d{4})|\d{4}([/.-])\d{1,2}\2\d{1,2}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY_BEFORE = re.compile(rf"{_MONTH}\s+(?:\d+\s*(?:,|or|and|to|-|–)\s*)*$")
_DAY_AFTER = re.compile(rf"\s+(?:of\s+)?{_MONTH}|\s*(?:or|and|to|-|–)\s*\d+\s+{_MONTH}")
_YEAR_BEFORE = re.compile(
    rf"(?:\b(?:[Ii]n|[Ss]ince|until|[Bb]y|[Ff]rom|of|[Dd]uring|late|early|mid|year|before|after|the|"
    rf"{_MONTH})|\d,|[-–/])\s*$"
)
_YEAR_UNIT = re.compile(r"\s+[a-z]{3,}s\b")  # "in 2000 soldiers": a plural follows


@table
def numbers(corpus: Corpus) -> pd.DataFrame:
    """Return every figure that the content states in digits, with its sentence.

    Columns: doc_id, start, end, number (as written), is_date (a day beside its month, or a year: by
    form, so that a few are missed), documents (in how many documents the same figure stands),
    sentence. What a figure counts, and which of them conflict, this does not tell.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "Some 10,000 soldiers left on May 4, 2024.", "a.txt")])
    >>> numbers(corpus)[["number", "is_date", "documents"]]
       number  is_date  documents
    0  10,000    False          1
    1       4     True          1
    2    2024     True          1
    """
    tokens = words(corpus)
    starts_with_digit = tokens["word"].cat.categories.str.slice(0, 1).str.isdigit()
    figure = np.asarray(starts_with_digit, bool)[codes(tokens["word"])]
    found = tokens[figure & tokens["is_content"]].reset_index(drop=True)
    places = list(zip(found["doc_id"], found["start"], found["end"], strict=True))
    is_date = [_is_date(corpus.text(doc_id), start, end) for doc_id, start, end in places]
    return pd.DataFrame(
        {
            "doc_id": found["doc_id"].astype("str"),
            "start": found["start"],
            "end": found["end"],
            "number": pd.Series([corpus.text(d)[a:b] for d, a, b in places], dtype="str"),
            "is_date": pd.Series(is_date, dtype="bool"),
            "documents": found.groupby("word", observed=True)["doc_id"].transform("nunique"),
            "sentence": sentences(corpus)["text"].iloc[sentence_numbers(corpus, found)].array,
        }
    )


def _is_date(text: str, start: int, end: int) -> bool:
    number = text[start:end]
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    if _DAY.fullmatch(number):
        return bool(_DAY_BEFORE.search(before) or _DAY_AFTER.match(after))
    if _YEAR.fullmatch(number):
        return bool(_YEAR_BEFORE.search(before)) and not _YEAR_UNIT.match(after)
    return bool(_WHOLE_DATE.fullmatch(number))
