"""How hard a text is to read, by two formulas for English."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, table
from nbhelpers.overview.documents import documents
from nbhelpers.words import Floats, Ints, codes, words

LEAST_WORDS = 100  # both formulas were fitted on samples of about a hundred words or more


@table
def readability(corpus: Corpus) -> pd.DataFrame:
    """Return the reading level of each English document, in years of school in the United States.

    Two formulas that see different things: Flesch-Kincaid counts syllables (Kincaid et al. 1975,
    Navy Research Branch Report 8-75), Coleman-Liau letters (Coleman and Liau 1975, Journal of
    Applied Psychology 60(2)). Both see the length of sentences and neither sees sense: where they
    part by more than about two years, trust neither. Syllables are those of syllapy, a list of
    6,000 words and a rule for the rest (``benchmarks/syllables.py`` measures them on news). Words
    with a figure in them are left out.

    Columns: doc_id, n_words (of letters), n_sentences, n_syllables, flesch_kincaid, coleman_liau
    (in content), the same with the ending _raw (furniture included), note. Both grades are NA under
    100 words and for a text that is not, or not surely, English, as the note says.
    """
    content, raw = _grades(corpus, content_only=True), _grades(corpus, content_only=False)
    short = content["n_words"] < LEAST_WORDS
    english = (documents(corpus)["language"] == "en").fillna(False).to_numpy(bool)
    note = pd.Series(pd.NA, index=content.index, dtype="str")
    note = note.mask(~english, "not known to be English: the formulas do not hold")
    note = note.mask(short, f"fewer than {LEAST_WORDS} words")
    for frame in (content, raw):
        unfit = (frame["n_words"] < LEAST_WORDS) | ~english
        frame.loc[unfit, ["flesch_kincaid", "coleman_liau"]] = np.nan
    frame = pd.concat([content, raw.add_suffix("_raw")], axis=1).assign(note=note)
    return frame.rename_axis("doc_id").reset_index()


def flesch_kincaid(n_words: Floats, n_sentences: Floats, n_syllables: Floats) -> Floats:
    """Return the Flesch-Kincaid grade level (Kincaid et al. 1975).

    >>> round(float(flesch_kincaid(np.array(100.0), np.array(5.0), np.array(150.0))), 2)
    9.91
    """
    return 0.39 * n_words / n_sentences + 11.8 * n_syllables / n_words - 15.59


def coleman_liau(n_words: Floats, n_sentences: Floats, n_letters: Floats) -> Floats:
    """Return the Coleman-Liau index, a grade level (Coleman and Liau 1975).

    >>> round(float(coleman_liau(np.array(119.0), np.array(5.0), np.array(639.0))), 1)
    14.5
    """
    return 0.0588 * 100 * n_letters / n_words - 0.296 * 100 * n_sentences / n_words - 15.8


def _grades(corpus: Corpus, *, content_only: bool) -> pd.DataFrame:
    found, tokens = sentences(corpus), words(corpus)
    if content_only:
        found, tokens = found[found["is_content"]], tokens[tokens["is_content"]]
    vocabulary = tokens["word"].cat.categories
    lettered = np.array([not any(c.isdigit() for c in word) for word in vocabulary], bool)
    code = codes(tokens["word"])
    document = codes(tokens["doc_id"])
    document, code = document[lettered[code]], code[lettered[code]]
    syllables = _syllables(list(vocabulary))[code]
    letters = np.array([sum(map(str.isalpha, word)) for word in vocabulary], np.float64)[code]
    found_in = codes(found["doc_id"].astype(pd.CategoricalDtype(corpus.doc_ids)))

    def total(rows: Ints, weights: Floats | None = None) -> Floats:
        return np.bincount(rows, weights, len(corpus)).astype(np.float64)

    n_words, n_sentences = total(document), total(found_in)
    n_syllables, n_letters = total(document, syllables), total(document, letters)
    with np.errstate(divide="ignore", invalid="ignore"):  # empty texts become NA
        return pd.DataFrame(
            {
                "n_words": n_words.astype(np.int64),
                "n_sentences": n_sentences.astype(np.int64),
                "n_syllables": n_syllables.astype(np.int64),
                "flesch_kincaid": flesch_kincaid(n_words, n_sentences, n_syllables),
                "coleman_liau": coleman_liau(n_words, n_sentences, n_letters),
            },
            index=pd.Index(corpus.doc_ids, dtype="str"),
        )


def _syllables(vocabulary: list[str]) -> Floats:
    """Syllables of each word; an acronym that the list lacks still has one."""
    import syllapy

    return np.array([max(syllapy.count(word), 1) for word in vocabulary], np.float64)
