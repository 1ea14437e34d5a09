"""Contents that the form of a sentence completes, where the tagger cuts short or misses them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbhelpers.extraction.cues import is_speech_verb, verb_of
from nbhelpers.extraction.linking import Relation
from nbhelpers.extraction.paragraphs import Paragraph
from nbhelpers.extraction.tags import CONTENT, CUE, SOURCE, Piece
from nbhelpers.text import MONTH, WEEKDAY

_DATE = re.compile(
    rf"(?:(?:on|last|late|early|earlier|this|over the|at the|of) )*"
    rf"(?:{WEEKDAY}|{MONTH} \d{{1,2}}|\d{{1,2}} {MONTH}|week|weekend|month|year|morning|afternoon"
    r"|evening|night|today|yesterday)(?: , \d{4} ,?| \d{4})?"
    r"(?: (?:morning|afternoon|evening|night|week|month))?",
    re.IGNORECASE,
)
_LONGEST_DATE = 6  # tokens
_LONGEST_SOURCE = 12
_AUXILIARIES = frozenset("already also has had have later earlier again repeatedly".split())
_OPENS_CLAUSE = frozenset("how if that what when where whether which who why".split())
_RULED = 0.8  # the probability of a piece that a rule has found


def completed(paragraph: Paragraph, relations: Sequence[Relation]) -> list[Relation]:
    """Return the relations of a paragraph with their contents whole."""
    for relation in relations:
        _leave_out_date(paragraph, relation)
        _leave_out_refused(paragraph, relation)
        if _is_date(paragraph, relation):
            _take_clause_before(paragraph, relation)
        elif _is_according(paragraph, relation):
            _take_whole_clause(paragraph, relation, relations)
    found = _with_that_clauses(paragraph, _with_fronted(paragraph, relations))
    return sorted(found, key=lambda r: r.content[0].first)


def _leave_out_date(paragraph: Paragraph, relation: Relation) -> None:
    """``announced on Monday that``: the date is no part of what was announced."""
    first = relation.content[0].first
    end = relation.content[0].end
    for that in range(first + 1, min(end - 1, first + _LONGEST_DATE + 1)):
        if paragraph.words[that] == "that":
            if _DATE.fullmatch(" ".join(paragraph.words[first:that])):
                relation.content[0] = relation.content[0]._replace(first=that)
                _leave_out_preposition(paragraph, relation)
            return


def _leave_out_preposition(paragraph: Paragraph, relation: Relation) -> None:
    cue = relation.cue[-1] if relation.cue else None
    if cue and cue.end - cue.first > 1 and paragraph.words[cue.end - 1] in ("on", "in"):
        relation.cue[-1] = cue._replace(end=cue.end - 1)


def _leave_out_refused(paragraph: Paragraph, relation: Relation) -> None:
    """``refused to say whether``: the verb that was refused is no part of what was not said."""
    first = relation.content[0].first
    if not relation.cue or relation.cue[-1].end != first:
        return
    refusal, to, verb, after = (
        word.lower() for word in [*paragraph.words[first - 1 : first + 3], "", ""][:4]
    )
    known = verb_of(refusal)
    is_refused = known is not None and known.cue_class == "refuses" and to == "to"
    if is_refused and is_speech_verb(verb) and after in _OPENS_CLAUSE:
        relation.cue[-1] = relation.cue[-1]._replace(end=first + 2)
        relation.content[0] = relation.content[0]._replace(first=first + 2)


def _is_date(paragraph: Paragraph, relation: Relation) -> bool:
    """``Putin signed the treaty, the Kremlin announced this weekend``."""
    if len(relation.content) != 1 or not relation.source or not relation.cue:
        return False
    piece = relation.content[0]
    return bool(_DATE.fullmatch(" ".join(paragraph.words[piece.first : piece.end])))


def _take_clause_before(paragraph: Paragraph, relation: Relation) -> None:
    end = min(relation.source[0].first, relation.cue[0].first)
    first = paragraph.sentence_start(end)
    if end - first > 2 and paragraph.words[end - 1] == ",":
        relation.content = [relation.content[0]._replace(first=first, end=end - 1)]


def _with_fronted(paragraph: Paragraph, relations: Sequence[Relation]) -> list[Relation]:
    """``According to the coast guard, nine drowned``: the source ends at the comma."""
    sourced = {piece.first for r in relations if r.source for piece in r.cue}
    found = list(relations)
    words = [word.lower() for word in paragraph.words]
    for first in range(len(words) - 3):
        if words[first : first + 2] != ["according", "to"] or first in sourced:
            continue
        if first and paragraph.sentence_start(first) != first:
            continue
        end = _sentence_end(paragraph, first)
        reach = range(first + 3, min(end - 1, first + 2 + _LONGEST_SOURCE))
        comma = next((token for token in reach if words[token] == ","), None)
        if comma is not None:
            found = [r for r in found if not first <= r.content[0].first < end]
            found.append(
                Relation(
                    [Piece(SOURCE, "", first + 2, comma, _RULED)],
                    [Piece(CUE, "", first, first + 2, _RULED)],
                    [Piece(CONTENT, "<", comma + 1, end, _RULED)],
                )
            )
    return found


def _with_that_clauses(paragraph: Paragraph, relations: Sequence[Relation]) -> list[Relation]:
    """``The service already announced on Monday that ...``, in a sentence that has nothing yet."""
    found = list(relations)
    taken = {paragraph.sentence[p.first] for r in relations for p in r.content + r.cue}
    for that, word in enumerate(paragraph.words):
        number = paragraph.sentence[that]
        if word != "that" or number in taken or paragraph.quotation[that] >= 0:
            continue
        start = paragraph.sentence_start(that)
        cue = _cue_before(paragraph, start, that)
        if cue is not None and 0 < cue - start <= _LONGEST_SOURCE:
            verb = cue
            while cue > start + 1 and paragraph.words[cue - 1].lower() in _AUXILIARIES:
                cue -= 1
            taken.add(number)
            found.append(
                Relation(
                    [Piece(SOURCE, "", start, cue, _RULED)],
                    [Piece(CUE, "", cue, verb + 1, _RULED)],
                    [Piece(CONTENT, "<", that, _sentence_end(paragraph, that), _RULED)],
                )
            )
    return found


def _cue_before(paragraph: Paragraph, start: int, that: int) -> int | None:
    """The verb of speech from which a date parts *that*."""
    for verb in range(that - 1, max(start, that - _LONGEST_DATE - 2), -1):
        if is_speech_verb(paragraph.words[verb]):
            between = " ".join(paragraph.words[verb + 1 : that])
            return verb if _DATE.fullmatch(between) else None
    return None


def _is_according(paragraph: Paragraph, relation: Relation) -> bool:
    return any(paragraph.words[cue.first].lower() == "according" for cue in relation.cue)


def _take_whole_clause(
    paragraph: Paragraph, relation: Relation, relations: Sequence[Relation]
) -> None:
    """*According to* at either end of a sentence speaks of all the rest, unless others speak."""
    cue = relation.cue[0].first
    start, end = paragraph.sentence_start(cue), _sentence_end(paragraph, cue)
    others = [p.first for r in relations if r is not relation for p in r.cue + r.content]
    quoted = any(number >= 0 for number in paragraph.quotation[start:end])
    if quoted or len(relation.content) != 1 or any(start <= token < end for token in others):
        return
    piece = relation.content[0]
    if start < piece.end <= cue:
        relation.content = [piece._replace(first=start)]
    elif cue == start < piece.first < end:
        relation.content = [piece._replace(end=max(end, piece.end))]


def _sentence_end(paragraph: Paragraph, token: int) -> int:
    """Behind the last word of the sentence."""
    number, end = paragraph.sentence[token], token + 1
    while end < len(paragraph.words) and paragraph.sentence[end] == number:
        end += 1
    while end > token + 1 and not paragraph.is_word(end - 1):
        end -= 1
    return end
