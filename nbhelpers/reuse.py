"""Passages that stand in more than one place: copied word for word, or reworded.

Two texts that share a passage have a common origin: one took it from the other, or both took it
from a third, such as an agency or a press conference. The words alone cannot tell which.

Names, titles and formulas of the trade are long and are shared by texts that have nothing to do
with each other. So a passage must hold enough *evidence*: words that are neither function words nor
part of a formula, a whole name counting once however long it is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process
from scipy import sparse

from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.words import (
    Bools,
    Floats,
    Ints,
    content_words,
    positions,
    sentence_numbers,
    stop_word_set,
    words,
)

# Words that every report uses to name its source are no evidence of copying either.
_REPORTING_WORDS = frozenset({"according", "also", "said", "say", "says", "told", "will", "would"})
_FORMULA_WORDS = 5
_MOSTLY_CAPITALS = 0.6

_NEAR_WORDS_AT_LEAST = 8
_NEAR_SHARED_AT_LEAST = 4
_COVERED_BY_VERBATIM = 0.8
# In a large corpus only words in at most this many sentences lead from sentence to sentence: this
# bounds the work for each word, so that the whole grows with the corpus and not with its square.
_RARE_WORD_SENTENCES = 300
_ROWS_AT_ONCE = 2000
_LSH_PERMUTATIONS = 32
_LSH_THRESHOLD = 0.4

_COLUMNS = [
    "passage_id",
    "doc_id",
    "start",
    "end",
    "other_doc_id",
    "other_start",
    "other_end",
    "kind",
    "similarity",
    "n_words",
    "other_n_words",
    "text",
    "other_text",
]


class _Words(NamedTuple):
    """The words that are compared, in the order of the texts."""

    document: Ints
    start: Ints
    end: Ints
    code: Ints  # place of the word in ``vocabulary``
    stretch: Ints  # changes where a document ends or furniture was left out
    sentence: Ints  # row number in ``sentences``
    telling: Bools  # neither a function word nor part of a formula
    name: Bools
    evidence: Ints  # running total up to and including each word, after a leading 0
    vocabulary: npt.NDArray[np.object_]  # in alphabetical order


class _Pairs(NamedTuple):
    """Pairs of stretches of words: ``first[i]:first[i] + length[i]`` and so on the other side."""

    first: Ints
    length: Ints
    other_first: Ints
    other_length: Ints
    similarity: Floats

    def take(self, rows: Ints) -> _Pairs:
        return _Pairs(
            self.first[rows],
            self.length[rows],
            self.other_first[rows],
            self.other_length[rows],
            self.similarity[rows],
        )


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
    _check_options(min_words, min_evidence, min_similarity)
    index = _index(corpus, content_only=content_only, formula_above=formula_above)
    verbatim = _verbatim(index, min_words, min_evidence, formula_above)
    candidates = _candidates(index, len(corpus) <= all_pairs_up_to)
    near = _near(index, candidates, verbatim, min_evidence, min_similarity)
    return _as_table(corpus, index, verbatim, near)


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


# --- what is compared


def _index(corpus: Corpus, *, content_only: bool, formula_above: int) -> _Words:
    tokens = words(corpus)
    row = np.flatnonzero(tokens["is_content"]) if content_only else np.arange(len(tokens))
    tokens = tokens.iloc[row]
    document = tokens["doc_id"].cat.codes.to_numpy(np.int64)
    code = tokens["word"].cat.codes.to_numpy(np.int64)
    breaks = (np.diff(document, prepend=-1) != 0) | (np.diff(row, prepend=-2) != 1)
    stretch = np.cumsum(breaks)
    start, end = tokens["start"].to_numpy(np.int64), tokens["end"].to_numpy(np.int64)
    function = tokens["word"].cat.categories.isin(stop_word_set("english") | _REPORTING_WORDS)[code]
    telling = ~function & ~_formulas(code, stretch, formula_above)
    name = _names(_capitalised(corpus, document, start), tokens["paragraph"].to_numpy(np.int64))
    evidence = telling & ~_continues_name(name, function, stretch)
    return _Words(
        document,
        start,
        end,
        code,
        stretch,
        sentence_numbers(corpus, tokens),
        telling,
        name,
        np.concatenate([[0], np.cumsum(evidence)]),
        tokens["word"].cat.categories.to_numpy(object),
    )


def _capitalised(corpus: Corpus, document: Ints, start: Ints) -> Bools:
    """Whether each word begins with a capital."""
    initials = np.zeros(len(start), np.uint32)
    edges = np.searchsorted(document, np.arange(len(corpus) + 1))
    for number, item in enumerate(corpus):
        here = slice(edges[number], edges[number + 1])
        code_points = np.frombuffer(item.text.encode("utf-32-le", "surrogatepass"), np.uint32)
        initials[here] = code_points[start[here]]
    letters, position = np.unique(initials, return_inverse=True)
    capitals = np.array([chr(letter).isupper() for letter in letters], bool)
    found: Bools = capitals[position]
    return found


def _names(capitalised: Bools, paragraph: Ints) -> Bools:
    """Capitals mark a name, except in a headline, where most words have one."""
    total = np.bincount(paragraph)
    share = np.bincount(paragraph, weights=capitalised) / np.maximum(total, 1)
    names: Bools = capitalised & (share[paragraph] < _MOSTLY_CAPITALS)
    return names


def _continues_name(name: Bools, function: Bools, stretch: Ints) -> Bools:
    """The words of a name after its first: *Obama* in "Barack Obama", *State* in "... of State"."""
    before = np.zeros((3, len(name)), bool)
    for back in (1, 2):
        same = stretch[back:] == stretch[:-back]
        before[back, back:] = name[:-back] & same
    linked = before[2].copy()
    linked[1:] &= function[:-1]
    continues: Bools = name & (before[1] | linked)
    return continues


def _formulas(code: Ints, stretch: Ints, formula_above: int) -> Bools:
    """The words that lie in a sequence which occurs more than ``formula_above`` times."""
    at, group, size = _groups(code, stretch, _FORMULA_WORDS)
    marked = np.zeros(len(code), bool)
    beginnings = at[size[group] > formula_above]
    for k in range(_FORMULA_WORDS):
        marked[beginnings + k] = True
    return marked


def _groups(code: Ints, stretch: Ints, n: int) -> tuple[Ints, Ints, Ints]:
    """Sequences of n words: where each begins, group after group; its group; sizes of the groups.

    Sequences of a group stand in no order. They are alike if their 64-bit hashes are: of corpora of
    10 million words one in 400,000 is to be expected to hold a chance agreement.
    """
    last = max(len(code) - n + 1, 0)
    mixed = (code.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(32)
    value = np.zeros(last, np.uint64)
    for k in range(n):
        value = value * np.uint64(0xD6E8FEB86659FD93) + mixed[k : last + k]
    at = np.flatnonzero(stretch[:last] == stretch[n - 1 :]) if last else np.empty(0, np.int64)
    order = np.argsort(value[at])
    ordered = value[at][order]
    new = np.ones(len(ordered), bool)
    new[1:] = ordered[1:] != ordered[:-1]
    group = np.cumsum(new) - 1
    return at[order], group, np.bincount(group)


# --- verbatim passages


def _verbatim(index: _Words, min_words: int, min_evidence: int, formula_above: int) -> _Pairs:
    at, other = _matching_sequences(index, min_words, formula_above)
    at, other, length = _extended(index, *_runs(at, other, min_words))
    within = index.document[at] == index.document[other]
    # A place may not overlap its own repetition, as in "ha ha ha".
    length = np.where(within, np.minimum(length, other - at), length)
    evidence = np.minimum(_evidence(index, at, length), _evidence(index, other, length))
    enough = (length >= min_words) & (evidence >= min_evidence)
    at, other, length = _one_to_one(index, at[enough], other[enough], length[enough], min_words)
    return _Pairs(at, length, other, length, np.ones(len(at)))


def _evidence(index: _Words, first: Ints, length: Ints) -> Ints:
    found: Ints = index.evidence[first + length] - index.evidence[first]
    return found


def _matching_sequences(index: _Words, n: int, most: int) -> tuple[Ints, Ints]:
    """Pairs of places where the same n words begin; sequences that occur too often left out."""
    at, group, size = _groups(index.code, index.stretch, n)
    several = (size[group] > 1) & (size[group] <= most)
    at, group = at[several], group[several]
    order = np.lexsort((at, group))
    at, group = at[order], group[order]
    pairs: list[tuple[Ints, Ints]] = [(at[:0], at[:0])]
    for lag in range(1, int(size[group].max(initial=1))):
        same = np.flatnonzero(group[lag:] == group[:-lag])
        pairs.append((at[same], at[same + lag]))
    return np.concatenate([p for p, _ in pairs]), np.concatenate([q for _, q in pairs])


def _runs(at: Ints, other: Ints, n: int) -> tuple[Ints, Ints, Ints]:
    """Join sequences that follow each other at the same distance."""
    distance = other - at
    order = np.lexsort((at, distance))
    at, other, distance = at[order], other[order], distance[order]
    new = np.ones(len(at), bool)
    new[1:] = (np.diff(distance) != 0) | (np.diff(at) != 1)
    first = np.flatnonzero(new)
    length = np.diff(np.append(first, len(at))) + n - 1
    return at[first], other[first], length


def _extended(index: _Words, at: Ints, other: Ints, length: Ints) -> tuple[Ints, Ints, Ints]:
    """Grow runs over the sequences that were left out as too frequent; then some are the same."""
    at, other, length = at.copy(), other.copy(), length.copy()
    growing = np.arange(len(at))
    while len(growing):
        growing = growing[_agree(index, at[growing], other[growing], -1)]
        at[growing] -= 1
        other[growing] -= 1
        length[growing] += 1
    growing = np.arange(len(at))
    while len(growing):
        to_last = length[growing] - 1
        growing = growing[_agree(index, at[growing] + to_last, other[growing] + to_last, 1)]
        length[growing] += 1
    unique = np.unique(np.stack([at, other, length], axis=1), axis=0)
    return unique[:, 0], unique[:, 1], unique[:, 2]


def _agree(index: _Words, edge: Ints, other_edge: Ints, step: int) -> Bools:
    """Whether the next word (``step`` 1 or -1) is the same on both sides, with no break before."""
    inside = (np.minimum(edge, other_edge) + step >= 0) & (
        np.maximum(edge, other_edge) + step < len(index.code)
    )
    ahead, other_ahead = edge + step * inside, other_edge + step * inside
    same = index.code[ahead] == index.code[other_ahead]
    unbroken = index.stretch[ahead] == index.stretch[edge]
    other_unbroken = index.stretch[other_ahead] == index.stretch[other_edge]
    agree: Bools = inside & same & unbroken & other_unbroken
    return agree


def _one_to_one(
    index: _Words, at: Ints, other: Ints, length: Ints, min_words: int
) -> tuple[Ints, Ints, Ints]:
    """Of runs between two documents that lie over each other keep the longest."""
    order = np.lexsort((other, at, -length, index.document[other], index.document[at]))
    taken: list[tuple[int, int, int]] = []
    kept: list[int] = []
    pair = (-1, -1)
    for i in order.tolist():
        here = (int(index.document[at[i]]), int(index.document[other[i]]))
        if here != pair:
            pair, taken = here, []
        a, b, n = int(at[i]), int(other[i]), int(length[i])
        over = sum(max(0, min(a + n, p + m) - max(a, p)) for p, _, m in taken)
        other_over = sum(max(0, min(b + n, q + m) - max(b, q)) for _, q, m in taken)
        if n - max(over, other_over) >= min_words:
            taken.append((a, b, n))
            kept.append(i)
    chosen = np.array(kept, np.int64)
    return at[chosen], other[chosen], length[chosen]


# --- near passages


class _Candidates(NamedTuple):
    """Sentences (as stretches of words) and the pairs of them that are worth a comparison."""

    first: Ints
    length: Ints
    document: Ints
    pairs: Ints  # two columns: row numbers of sentences, the earlier one first
    plain_words: sparse.csr_matrix  # telling words that are no names, by sentence


def _candidates(index: _Words, all_pairs: bool) -> _Candidates:
    first, length = _long_sentences(index)
    telling = _matrix(index, first, length, index.telling)
    plain = _matrix(index, first, length, index.telling & ~index.name)
    document = index.document[first]
    if all_pairs:
        pairs = _sharing(telling)
    else:
        frequent = np.asarray(telling.sum(axis=0)).ravel() > _RARE_WORD_SENTENCES
        rare = telling[:, np.flatnonzero(~frequent)].tocsr()
        pairs = np.concatenate([_sharing(rare), _sharing_in(telling, document, _alike(index))])
        pairs = np.unique(pairs, axis=0)
    return _Candidates(first, length, document, pairs, plain)


def _long_sentences(index: _Words) -> tuple[Ints, Ints]:
    """Where the sentences of enough words begin, and how many words they have."""
    new = (np.diff(index.sentence, prepend=-1) != 0) | (np.diff(index.stretch, prepend=-1) != 0)
    first = np.flatnonzero(new)
    length = np.diff(np.append(first, len(index.code)))
    enough = length >= _NEAR_WORDS_AT_LEAST
    return first[enough], length[enough]


def _matrix(index: _Words, first: Ints, length: Ints, chosen: Bools) -> sparse.csr_matrix:
    """Which of the chosen words each sentence has: sentences by words, 0 or 1."""
    total = int(length.sum())
    row = np.repeat(np.arange(len(first)), length)
    word = np.arange(total) - np.repeat(np.cumsum(length) - length, length) + first[row]
    row, column = row[chosen[word]], index.code[word[chosen[word]]]
    shape = (len(first), int(index.code.max(initial=-1)) + 1)
    matrix = sparse.csr_matrix((np.ones(len(row), np.int32), (row, column)), shape=shape)
    matrix.data[:] = 1
    return matrix


def _sharing(matrix: sparse.csr_matrix) -> Ints:
    """Pairs of sentences that share enough words."""
    found = [np.empty((0, 2), np.int64)]
    for top in range(0, matrix.shape[0], _ROWS_AT_ONCE):
        shared = (matrix[top : top + _ROWS_AT_ONCE] @ matrix[top:].T).tocoo()
        enough = (shared.data >= _NEAR_SHARED_AT_LEAST) & (shared.row < shared.col)
        found.append(np.stack([shared.row[enough], shared.col[enough]], axis=1) + top)
    return np.concatenate(found)


def _sharing_in(matrix: sparse.csr_matrix, document: Ints, alike: list[tuple[int, int]]) -> Ints:
    """The same, between the sentences of the given pairs of documents."""
    found = [np.empty((0, 2), np.int64)]
    for pair in alike:
        (a, b), (c, d) = (np.searchsorted(document, [one, one + 1]) for one in pair)
        shared = (matrix[a:b] @ matrix[c:d].T).tocoo()
        enough = shared.data >= _NEAR_SHARED_AT_LEAST
        found.append(np.stack([shared.row[enough] + a, shared.col[enough] + c], axis=1))
    return np.concatenate(found)


def _alike(index: _Words) -> list[tuple[int, int]]:
    """Pairs of documents with much the same telling words, by MinHash-LSH; sorted."""
    from datasketch import MinHash, MinHashLSH  # takes a second to import

    document, edges = np.unique(index.document[index.telling], return_index=True)
    sets = np.split(index.code[index.telling], edges[1:])
    sketches = MinHash.bulk(
        [part.tolist() for part in sets], num_perm=_LSH_PERMUTATIONS, seed=1, hashfunc=int
    )
    lsh = MinHashLSH(threshold=_LSH_THRESHOLD, num_perm=_LSH_PERMUTATIONS)
    found: list[tuple[int, int]] = []
    for number, sketch in enumerate(sketches):
        alike = (k for k in lsh.query(sketch) if sketches[k].jaccard(sketch) >= _LSH_THRESHOLD)
        found += [(int(document[k]), int(document[number])) for k in alike]
        lsh.insert(number, sketch, check_duplication=False)
    return sorted(found)


def _near(
    index: _Words,
    candidates: _Candidates,
    verbatim: _Pairs,
    min_evidence: int,
    min_similarity: float,
) -> _Pairs:
    pairs = candidates.pairs
    shared = candidates.plain_words[pairs[:, 0]].multiply(candidates.plain_words[pairs[:, 1]])
    pairs = pairs[np.asarray(shared.sum(axis=1)).ravel() >= min_evidence]
    similarity = _similarity(index, candidates, pairs, min_similarity)
    pairs, similarity = pairs[similarity > 0], similarity[similarity > 0]
    best = _best_for_either(candidates, pairs, similarity)
    first, other = pairs[best, 0], pairs[best, 1]
    near = _Pairs(
        candidates.first[first],
        candidates.length[first],
        candidates.first[other],
        candidates.length[other],
        similarity[best],
    )
    return _not_covered(index, near, verbatim)


def _similarity(index: _Words, candidates: _Candidates, pairs: Ints, cutoff: float) -> Floats:
    """Similarity of the sorted words of each pair; 0 below the cutoff."""
    sentence, position = np.unique(pairs, return_inverse=True)
    position = position.reshape(pairs.shape)
    bags = [
        _bag(index, first, length)
        for first, length in zip(
            candidates.first[sentence].tolist(), candidates.length[sentence].tolist(), strict=True
        )
    ]
    percent = process.cpdist(
        [bags[i] for i in position[:, 0].tolist()],
        [bags[i] for i in position[:, 1].tolist()],
        scorer=fuzz.ratio,
        score_cutoff=100 * cutoff,
        dtype=np.float64,
    )
    return np.asarray(percent) / 100


def _bag(index: _Words, first: int, length: int) -> str:
    codes = np.sort(index.code[first : first + length])  # codes follow the alphabet
    return " ".join(index.vocabulary[codes])


def _best_for_either(candidates: _Candidates, pairs: Ints, similarity: Floats) -> Bools:
    """Pairs than which, between two documents, one of their sentences has no better."""
    frame = pd.DataFrame(
        {
            "document": candidates.document[pairs[:, 0]],
            "other_document": candidates.document[pairs[:, 1]],
            "first": pairs[:, 0],
            "other_first": pairs[:, 1],
            "similarity": similarity,
        }
    )
    best = np.zeros(len(frame), bool)
    for keys in (["first", "other_document"], ["document", "other_first"]):
        best |= frame["similarity"] == frame.groupby(keys)["similarity"].transform("max")
    return best


def _not_covered(index: _Words, near: _Pairs, verbatim: _Pairs) -> _Pairs:
    """Leave out what verbatim passages between the same documents already show."""
    runs: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for key, run in zip(_documents(index, verbatim), _rows(verbatim), strict=True):
        runs.setdefault(key, []).append((run[0], run[2], run[1]))
    kept = []
    for i, (key, row) in enumerate(zip(_documents(index, near), _rows(near), strict=True)):
        a, n, b, m = row
        covered = sum(_overlap(a, n, b, m, *run) for run in runs.get(key, []))
        if covered < _COVERED_BY_VERBATIM * min(n, m):
            kept.append(i)
    return near.take(np.array(kept, np.int64))


def _overlap(a: int, n: int, b: int, m: int, p: int, q: int, length: int) -> int:
    """Words of a run of ``length`` at p and q that lie in both stretches, a + n and b + m."""
    begin = max(a - p, b - q, 0)
    return max(0, min(a + n - p, b + m - q, length) - begin)


def _documents(index: _Words, pairs: _Pairs) -> list[tuple[int, int]]:
    first, other = index.document[pairs.first], index.document[pairs.other_first]
    return list(zip(first.tolist(), other.tolist(), strict=True))


def _rows(pairs: _Pairs) -> list[tuple[int, int, int, int]]:
    columns = (pairs.first, pairs.length, pairs.other_first, pairs.other_length)
    return list(zip(*(column.tolist() for column in columns), strict=True))


# --- the tables


def _as_table(corpus: Corpus, index: _Words, verbatim: _Pairs, near: _Pairs) -> pd.DataFrame:
    first = np.concatenate([verbatim.first, near.first])
    length = np.concatenate([verbatim.length, near.length])
    other_first = np.concatenate([verbatim.other_first, near.other_first])
    other_length = np.concatenate([verbatim.other_length, near.other_length])
    is_near = np.arange(len(first)) >= len(verbatim.first)
    frame = pd.DataFrame(
        {
            **_side(corpus, index, "", first, length, is_near),
            **_side(corpus, index, "other_", other_first, other_length, is_near),
            "kind": np.where(is_near, "near", "verbatim"),
            "similarity": np.concatenate([verbatim.similarity, near.similarity]).round(4),
        }
    ).astype({"kind": "str"})
    order = ["doc_id", "start", "end", "other_doc_id", "other_start", "other_end", "kind"]
    frame = frame.sort_values(order, ignore_index=True)
    frame.insert(0, "passage_id", np.arange(len(frame)))
    return frame[_COLUMNS]


def _side(
    corpus: Corpus, index: _Words, prefix: str, first: Ints, length: Ints, whole_sentence: Bools
) -> dict[str, npt.ArrayLike]:
    """The columns of one side; a near passage is a sentence with its marks and stop."""
    sentence = sentences(corpus).iloc[index.sentence[first]]
    start = np.where(whole_sentence, sentence["start"], index.start[first])
    end = np.where(whole_sentence, sentence["end"], index.end[first + length - 1])
    doc_ids = np.array(corpus.doc_ids, object)[index.document[first]]
    texts = [corpus.text(d)[a:b] for d, a, b in zip(doc_ids, start, end, strict=True)]
    return {
        prefix + "doc_id": pd.Series(doc_ids, dtype="str"),
        prefix + "start": start,
        prefix + "end": end,
        prefix + "n_words": length,
        prefix + "text": pd.Series(texts, dtype="str"),
    }


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
