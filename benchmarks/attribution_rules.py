"""Attributions by rules over a dependency parse, as media research commonly finds them.

Written anew after the description of the Gender Gap Tracker's extractor (Asr et al., "The Gender
Gap Tracker: Using Natural Language Processing to measure gender bias in media", PLoS ONE 16(1),
2021). A verb of speech with a subject has the clause that it governs or is put into; "according
to" has the rest of its sentence; a quotation that neither has reached goes to the verb of speech
beside it, else to whoever spoke before. Takes a ``Doc`` with the labels of spaCy's English models.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Token

Attribution = dict[str, list[list[int]]]

_VERBS = """
accuse acknowledge add admit advise affirm agree allege announce answer argue ask assert assess
assume assure believe blame boast caution charge cite claim clarify comment complain concede
conclude confess confirm consider contend counter cry decide declare demand deny describe
determine disclose discover doubt elaborate emphasize estimate exclaim expect explain express
fear feel find forecast foresee guess hear hint hope imply indicate inform insist instruct joke
judge know lament learn maintain mean mention mutter note observe order plan pledge point
predict pray proclaim promise propose protest prove question quip read reaffirm realize reason
recall recommend reckon recount reflect reiterate relate remark remember remind repeat reply
report request respond retort reveal rule say see shout show signal speculate state stress
suggest support surmise suspect swear tell testify think threaten tweet urge vow wait warn wish
wonder worry write yell
"""
VERBS = frozenset(_VERBS.split())
QUOTED = re.compile(r"[“\"]([^“”\"\n]*)[”\"]")
SHORTEST = 4  # words of a quotation without a clause: what is shorter is a title or a scare quote


def find(doc: Doc) -> list[Attribution]:
    """Return the attributions of a text: lists of spans of each role."""
    quoted = [[*match.span()] for match in QUOTED.finditer(doc.text)]
    spoken = list(_by_verb(doc, quoted))
    known = [*spoken, *_by_preposition(doc)]
    return known + list(_floating(doc, known, spoken))


def _by_verb(doc: Doc, quoted: list[list[int]]) -> Iterator[Attribution]:
    for verb in filter(_is_verb_of_speech, doc):
        contents = [_beside(clause, verb) for clause in _clauses(verb)]
        spans = [_whole_quotation(quoted, _chars(tokens)) for tokens in contents if tokens]
        if spans:
            yield _named(verb) | {"content": spans}


def _is_verb_of_speech(token: Token) -> bool:
    """A verb of the list that has a subject."""
    is_verb = token.pos_ == "VERB" and token.lemma_.lower() in VERBS
    return is_verb and _subject(token) is not None


def _named(verb: Token) -> Attribution:
    """The source and the cue."""
    subject = _subject(verb)
    assert subject is not None
    return {"source": [_chars(_phrase(subject))], "cue": [_chars([verb])]}


def _subject(verb: Token) -> Token | None:
    """Its own subject, the noun of its relative clause, or that of the verb it is joined to."""
    for child in verb.children:
        if child.dep_ in {"nsubj", "nsubjpass"}:
            return verb.head if child.tag_ in {"WP", "WDT"} and verb.dep_ == "relcl" else child
    return _subject(verb.head) if verb.dep_ == "conj" else None


def _phrase(noun: Token) -> list[Token]:
    """A noun with what belongs to it; clauses, appositions and joined nouns are left out."""
    apart = {
        token
        for child in noun.children
        if child.dep_ in {"relcl", "acl", "appos", "punct", "cc", "conj"}
        for token in child.subtree
    }
    return [token for token in noun.subtree if token not in apart]


def _clauses(verb: Token) -> list[list[Token]]:
    """The clauses that a verb of speech governs; else the one that it is put into."""
    governed = [list(child.subtree) for child in verb.children if child.dep_ == "ccomp"]
    if not governed and verb.dep_ == "parataxis":
        own = set(verb.subtree)
        return [[token for token in verb.head.subtree if token not in own]]
    return governed


def _beside(clause: list[Token], verb: Token) -> list[Token]:
    """The longer part of a clause, where its verb of speech stands within it."""
    before = [token for token in clause if token.i < verb.i]
    after = [token for token in clause if token.i > verb.i]
    return max(before, after, key=len)


def _whole_quotation(quoted: list[list[int]], span: list[int]) -> list[int]:
    """A clause that begins in a quotation stands for all of it ("We won. We did," he said)."""
    for start, end in quoted:
        if start <= span[0] < end:
            return [start, max(end, span[1])]
    return span


def _by_preposition(doc: Doc) -> Iterator[Attribution]:
    """Of "according to" somebody."""
    for token, preposition in pairwise(doc):
        if (token.lower_, preposition.lower_) != ("according", "to"):
            continue
        source = [t for child in preposition.children for t in child.subtree]
        content = _rest_of_sentence(token, source)
        if source and content:
            cue = _chars([token, preposition])
            yield {"source": [_chars(source)], "cue": [cue], "content": [_chars(content)]}


def _rest_of_sentence(according: Token, source: list[Token]) -> list[Token]:
    last = max([according.i + 1, *(token.i for token in source)])
    tokens = [token for token in according.sent if not token.is_space]
    before = [token for token in tokens if token.i < according.i]
    after = [token for token in tokens if token.i > last]
    while after and after[0].is_punct and not after[0].is_quote:
        after = after[1:]
    return max(before, after, key=len)


def _floating(
    doc: Doc, known: Sequence[Attribution], spoken: Sequence[Attribution]
) -> Iterator[Attribution]:
    """Quotations in which nothing has been found."""
    covered = [span for attribution in known for span in attribution["content"]]
    places = [attribution["cue"][0][0] for attribution in spoken]
    for match in QUOTED.finditer(doc.text):
        start, end = match.span()
        is_known = any(a < end and start < b for a, b in covered)
        if is_known or len(match[1].split()) < SHORTEST:
            continue
        earlier = bisect_left(places, start)
        if beside := _speech_beside(doc, start, end):
            yield beside | {"content": [[start, end]]}
        elif earlier:
            source = spoken[earlier - 1]["source"]
            yield {"source": source, "cue": [], "content": [[start, end]]}


def _speech_beside(doc: Doc, start: int, end: int) -> Attribution | None:
    """The nearest verb of speech in the sentences that a quotation touches."""
    quotation = doc.char_span(start, end, alignment_mode="expand")
    after = doc[quotation.end] if quotation.end < len(doc) else quotation[-1]
    stop = max(quotation[-1].sent.end, quotation.end if after.is_space else after.sent.end)
    around = [*doc[quotation[0].sent.start : quotation.start], *doc[quotation.end : stop]]
    verbs = list(filter(_is_verb_of_speech, around))
    if not verbs:
        return None
    far = [min(abs(v.i - quotation.start), abs(v.i - quotation.end)) for v in verbs]
    return _named(verbs[far.index(min(far))])


def _chars(tokens: Sequence[Token]) -> list[int]:
    """From the first token to the last."""
    return [tokens[0].idx, tokens[-1].idx + len(tokens[-1])]
