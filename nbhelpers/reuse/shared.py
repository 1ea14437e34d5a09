"""Which passages documents share, and how much of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.reuse.candidates import document_pairs, sentence_pairs
from nbhelpers.reuse.index import Index
from nbhelpers.reuse.table import RUN, SENTENCES, TEXTS, Found, Least, rows
from nbhelpers.reuse.verbatim import seeds
from nbhelpers.scratch import Scratch
from nbhelpers.words import Ints, content_words, positions, words


@table
def passages(
    corpus: Corpus,
    *,
    min_words: int = 8,
    min_evidence: int = 4,
    min_similarity: float = 0.66,
    formula_above: int = 20,
    content_only: bool = True,
    all_pairs_up_to: int = 300,
    linked_up_to: int = 5,
) -> pd.DataFrame:
    """Return the passages that two documents, or two places of one document, share.

    Verbatim passages are maximal runs of the same words (case and the shape of apostrophes and
    quotation marks aside). Near passages are sentences that were reworded, shortened or translated
    back: their similarity is the normalised indel similarity of the sorted words (rapidfuzz's
    ``token_sort_ratio``). A near passage may hold a shorter verbatim one.

    Arguments:
        min_words: the least length of a verbatim run in words. Eight words in a row hardly ever
            agree by chance in texts of independent origin; at five, half of the runs are phrases.
        min_evidence: how many words of it must be telling (see above), a name counting once.
        min_similarity: the least similarity of a near passage, from 0 to 1. Two translations of one
            quotation reach 0.74, one statement in other words 0.67 to 0.70; different statements
            about one event stay below 0.65.
        formula_above: a sequence of five words that occurs more often than this is a formula
            ("contributed to this report") and no evidence. Raise it where more outlets than this
            may carry one dispatch.
        content_only: leave out furniture (teasers, boilerplate ...). With False, a teaser that
            repeats the first paragraph is a passage within its document.
        all_pairs_up_to: the number of documents up to which every sentence is held against every
            other. Above it, near passages are sought among sentences that share rare words, and
            in pairs of documents that MinHash-LSH (datasketch) finds alike.
        linked_up_to: in a corpus of more documents than that, a sequence of words or a sentence
            that stands in more places than this is linked from each place to the first one alone
            (by doc_id), so that the table grows with the corpus and not with its square.

    Columns: passage_id, doc_id, start, end, other_doc_id, other_start, other_end, kind (verbatim,
    near), similarity (1 for verbatim), n_words, other_n_words, text, other_text. Each passage
    stands once, with doc_id before other_doc_id; within a document the earlier place comes first.
    Sorted by doc_id, start. Raises InputError for an option out of range.

    Sources: Broder 1997 (shingles and MinHash, DOI 10.1109/SEQUEN.1997.666900); Clough et al. 2002
    on measuring text reuse in journalism (DOI 10.3115/1073083.1073110).

    >>> from nbhelpers.corpus import Document
    >>> line = "the ministry’s reserves of grain will last until the end of winter"
    >>> corpus = Corpus([Document("a", "She said " + line, "a"), Document("b", line + ".", "b")])
    >>> passages(corpus)[["doc_id", "start", "end", "other_doc_id", "other_start", "other_end"]]
      doc_id  start  end other_doc_id  other_start  other_end
    0      a      9   75            b            0         66
    """
    found = passages_of(
        [corpus],
        min_words=min_words,
        min_evidence=min_evidence,
        min_similarity=min_similarity,
        formula_above=formula_above,
        content_only=content_only,
        all_pairs_up_to=all_pairs_up_to,
        linked_up_to=linked_up_to,
    )
    return pd.concat(found, ignore_index=True)


def passages_of(
    parts: Iterable[Corpus],
    *,
    scratch: Path | None = None,
    min_words: int = 8,
    min_evidence: int = 4,
    min_similarity: float = 0.66,
    formula_above: int = 20,
    content_only: bool = True,
    all_pairs_up_to: int = 300,
    linked_up_to: int = 5,
) -> Iterator[pd.DataFrame]:
    """Yield the passages of a corpus that comes part by part and may be larger than memory.

    Arguments:
        parts: the corpus in parts of some hundred documents, in any order; each is read once.
        scratch: a folder for what does not go into memory: some 50 bytes a word in files that
            vanish with the process. Without one all is kept in memory.

    The other options, the rows and their order are those of :func:`passages`; a frame holds the
    rows of some documents, the last one may be empty. In memory are the ids, a hundred bytes for
    each document, and what is rare or frequent: 16 bytes for each sentence and for each occurrence
    of a rare word, 8 for each sequence of words that recurs more than ``formula_above`` times (or
    ``linked_up_to`` times, in a large corpus).

    >>> from nbhelpers.corpus import Document
    >>> line = "the ministry’s reserves of grain will last until the end of winter"
    >>> parts = (Corpus([Document(name, line, name)]) for name in "ba")
    >>> pd.concat(passages_of(parts))[["doc_id", "start", "end", "other_doc_id"]].values.tolist()
    [['a', 0, 66, 'b']]
    """
    _check_options(min_words, min_evidence, min_similarity)
    index = Index(Scratch(scratch))
    for part in parts:
        index.add(part, content_only=content_only)
    index.mark_formulas(formula_above)
    is_small = len(index) <= all_pairs_up_to
    linked = formula_above if is_small else linked_up_to
    found = Found(index)
    found.add(RUN, seeds(index, min_words, formula_above, linked))
    found.add(SENTENCES, sentence_pairs(index, None if is_small else linked))
    if not is_small:
        found.add(TEXTS, document_pairs(index))
    return rows(index, found, Least(min_words, min_evidence, min_similarity))


@table
def reuse_by_pair(
    corpus: Corpus,
    *,
    min_words: int = 8,
    min_evidence: int = 4,
    min_similarity: float = 0.66,
    formula_above: int = 20,
    content_only: bool = True,
    all_pairs_up_to: int = 300,
    linked_up_to: int = 5,
) -> pd.DataFrame:
    """Return how much each pair of documents shares, most first.

    The options are those of :func:`passages`. Columns: doc_id, other_doc_id, verbatim, near (number
    of passages), shared_words, other_shared_words (words of each document that lie in a passage,
    none counted twice), share, other_share (of the words compared), longest_run (words in
    the longest verbatim passage; 0 if there is none). Pairs that share nothing are left out. Who
    took it from whom is not to be seen from this; a small document with a high share beside
    a low other_share is an excerpt or an extract.

    >>> from nbhelpers.corpus import Document
    >>> line = "the ministry’s reserves of grain will last until the end of winter"
    >>> corpus = Corpus([Document("a", "She said " + line, "a"), Document("b", line + ".", "b")])
    >>> reuse_by_pair(corpus)[["shared_words", "share", "other_share", "longest_run"]]
       shared_words     share  other_share  longest_run
    0            12  0.857143          1.0           12
    """
    found = passages(
        corpus,
        min_words=min_words,
        min_evidence=min_evidence,
        min_similarity=min_similarity,
        formula_above=formula_above,
        content_only=content_only,
        all_pairs_up_to=all_pairs_up_to,
        linked_up_to=linked_up_to,
    )
    found = found[found["doc_id"] != found["other_doc_id"]]
    verbatim = found["kind"] == "verbatim"
    compared = content_words(corpus) if content_only else words(corpus)
    place = positions(corpus, compared)
    found = found.assign(
        verbatim=verbatim,
        near=~verbatim,
        longest_run=found["n_words"].where(verbatim, 0),
        shared_words=_fresh_words(corpus, place, found, ""),
        other_shared_words=_fresh_words(corpus, place, found, "other_"),
    )
    counted = ["verbatim", "near", "shared_words", "other_shared_words"]
    grouped = found.groupby(["doc_id", "other_doc_id"])
    frame = grouped[counted].sum().reset_index()
    size = np.bincount(compared["doc_id"].cat.codes, minlength=len(corpus))
    words_in = pd.Series(size, index=corpus.doc_ids, dtype="float64")
    for side in ("", "other_"):
        total = words_in.loc[frame[side + "doc_id"]].to_numpy()
        frame[side + "share"] = frame[side + "shared_words"] / total
    frame["longest_run"] = grouped["longest_run"].max().to_numpy()
    order = ["shared_words", "doc_id", "other_doc_id"]
    return frame.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _check_options(min_words: int, min_evidence: int, min_similarity: float) -> None:
    if min_words < 2 or min_evidence < 1:
        raise InputError(
            f"A shared passage has at least 2 words and 1 telling word, not min_words={min_words} "
            f"and min_evidence={min_evidence}; give larger numbers."
        )
    if not 0 < min_similarity <= 1:
        raise InputError(f"min_similarity lies between 0 and 1, not at {min_similarity}.")


def _fresh_words(corpus: Corpus, place: Ints, found: pd.DataFrame, side: str) -> Ints:
    """How many of the words at ``place`` a passage holds and no earlier one of its pair does."""
    spans = found[[side + "doc_id", side + "start", side + "end"]].set_axis(
        ["doc_id", "start", "end"], axis=1
    )
    first = np.searchsorted(place, positions(corpus, spans))
    stop = np.searchsorted(place, positions(corpus, spans.assign(start=spans["end"])))
    pair = found.groupby(["doc_id", "other_doc_id"]).ngroup().to_numpy()
    order = np.lexsort((first, pair))
    base = pair[order] * (len(place) + 1)
    reached = np.maximum.accumulate(np.concatenate([[0], base + stop[order]]))[:-1] - base
    fresh = np.empty(len(found), np.int64)
    fresh[order] = np.maximum(0, stop[order] - np.maximum(first[order], reached))
    return fresh
