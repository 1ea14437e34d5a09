"""All attributions of one text: tags and links, and the structure that both lack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from nbhelpers.extraction.attribution import Attribution
from nbhelpers.extraction.chains import with_chains
from nbhelpers.extraction.clauses import completed
from nbhelpers.extraction.features import label_end
from nbhelpers.extraction.headlines import with_headline
from nbhelpers.extraction.linking import Relation, link
from nbhelpers.extraction.models import Model
from nbhelpers.extraction.paragraphs import Paragraph, paragraphs
from nbhelpers.extraction.posts import posts
from nbhelpers.extraction.speakers import Introduction, introduction, signature
from nbhelpers.extraction.tagging import Reading
from nbhelpers.extraction.tags import CONTENT, CUE, SOURCE, Piece
from nbhelpers.text import Span, paragraph_spans

STORY = frozenset({"title", "body"})
EMBED = "embed"
_POSSESSIVE = re.compile(r"\w['’]s$")
_LONGEST_SUBJECT = 6  # tokens; a longer source right behind a source and its cue is what was said
TRANSCRIPT_FROM = 3  # paragraphs that begin with a speaker's name in capitals


def find_attributions(
    text: str,
    story: Sequence[Paragraph],
    segments: Iterable[tuple[int, int, str]],
    model: Model,
) -> list[Attribution]:
    """Return the attributions of a text in order, given its story and segments (start, end, kind).

    The story (see :func:`story_paragraphs`) and embedded posts are searched, other furniture is
    not.
    """

    def search(span: Span) -> list[Attribution]:
        return _in_paragraphs(list(paragraphs(text, [(*span, False)])), model)

    found = with_chains(text, _in_paragraphs(story, model), search)
    found += posts(text, [(start, end) for start, end, kind in segments if kind == EMBED])
    return sorted(found, key=lambda a: (a.start, a.end))


def story_paragraphs(text: str, segments: Iterable[tuple[int, int, str]]) -> Iterator[Paragraph]:
    """Yield the paragraphs of the story, headlines included."""
    spans = (
        (start + a, start + b, kind == "title")
        for start, end, kind in segments
        if kind in STORY
        for a, b in paragraph_spans(text[start:end])
    )
    return paragraphs(text, spans)


def _in_paragraphs(parts: Sequence[Paragraph], model: Model) -> list[Attribution]:
    found: list[Attribution] = []
    previous: Paragraph | None = None
    speaker: Attribution | None = None  # who spoke last in the paragraph before
    introduced: Introduction | None = None
    is_transcript = sum(map(_is_labelled, parts)) >= TRANSCRIPT_FROM
    for paragraph, reading in zip(parts, model.tagger.read(parts), strict=True):
        if is_transcript and _is_labelled(paragraph):
            here, introduced = [_turn(paragraph)], None
        else:
            relations, pieces = _relations(paragraph, reading, model)
            here = [
                _as_attribution(paragraph, relation, introduced if number == 0 else None, model)
                for number, relation in enumerate(relations)
            ]
            introduced = introduction(paragraph, pieces, relations)
        if speaker and not speaker.source and not here and (who := signature(paragraph, 0)):
            speaker.source = [who]
        if here and speaker and _speaks_on(paragraph, here[0]):
            if previous and previous.is_left_open:
                speaker.content += here.pop(0).content
            else:
                here[0].source = list(speaker.source)
        found += here
        speaker = _in_force(paragraph, here, speaker)
        previous = paragraph
    return found


def _relations(
    paragraph: Paragraph, reading: Reading, model: Model
) -> tuple[list[Relation], Sequence[Piece]]:
    """Tag and link; where a cue with a source has found no content, look for one again."""
    pieces = reading.pieces()
    relations = link(paragraph, pieces, model.links)
    if favoured := _beside_orphans(paragraph, pieces, relations):
        pieces = reading.pieces(favoured)
        relations = link(paragraph, pieces, model.links)
    relations = completed(paragraph, _with_own_cues(paragraph, pieces, relations))
    return (with_headline(paragraph, relations) if paragraph.is_title else relations), pieces


def _with_own_cues(
    paragraph: Paragraph, pieces: Sequence[Piece], relations: Sequence[Relation]
) -> list[Relation]:
    """``“Yes,” Lee said. “But not now,” she added``: a quotation goes with the cue behind it."""
    linked = {piece for relation in relations for piece in relation.cue}
    ordered = sorted(pieces, key=lambda piece: piece.first)
    own = {}
    for content, one, other in zip(ordered, ordered[1:], ordered[2:], strict=False):
        cue, source = (one, other) if one.role == CUE else (other, one)
        if (content.role, cue.role, source.role) != (CONTENT, CUE, SOURCE) or cue in linked:
            continue
        between = paragraph.words[content.end : one.first]
        is_near = one.end == other.first and not any(word.isalnum() for word in between)
        if is_near and paragraph.quotation[content.end - 1] >= 0:
            own[content] = (source, cue)
    found = []
    for relation in relations:
        for content in [piece for piece in relation.content[1:] if piece in own]:
            relation.content.remove(content)
            source, cue = own[content]
            found.append(Relation([source], [cue], [content], relation.certainty))
    return sorted([*relations, *found], key=lambda relation: relation.content[0].first)


def _beside_orphans(
    paragraph: Paragraph, pieces: Sequence[Piece], relations: Sequence[Relation]
) -> list[int]:
    """The free tokens of sentences that have a source and a cue, but no content."""
    sentence = paragraph.sentence
    linked = {piece for relation in relations for piece in relation.cue}
    orphans = {sentence[p.first] for p in pieces if p.role == CUE and p not in linked}
    sourced = {sentence[p.first] for p in pieces if p.role == SOURCE}
    held = {sentence[p.first] for p in pieces if p.role == CONTENT}
    wanting = orphans & sourced - held
    ends = {p.end for p in pieces if p.role == SOURCE}
    behind = {p.end for p in pieces if p.role == CUE and p.first in ends and p not in linked}
    taken = {
        i
        for p in pieces
        if p.role != SOURCE or p.first not in behind or p.end - p.first <= _LONGEST_SUBJECT
        for i in range(p.first, p.end)
    }
    return [i for i, number in enumerate(sentence) if number in wanting and i not in taken]


def _is_labelled(paragraph: Paragraph) -> bool:
    """It begins with a speaker's name in capitals, as in a transcript, and something follows."""
    colon = label_end(paragraph.words)
    if colon is None or not any(map(paragraph.is_word, range(colon, len(paragraph.words)))):
        return False
    name = "".join(paragraph.words[:colon])
    return name.isupper()


def _turn(paragraph: Paragraph) -> Attribution:
    """A speaker's turn in a transcript: all that stands behind the name."""
    colon = label_end(paragraph.words) or 0
    words = [i for i in range(len(paragraph.words)) if paragraph.is_word(i)]
    named = [i for i in words if i < colon]
    said = [i for i in words if i > colon]
    tokens = paragraph.tokens
    return Attribution(
        [(tokens[named[0]][0], tokens[named[-1]][1])],
        content=[(tokens[said[0]][0], tokens[said[-1]][1])],
        is_verbatim=True,
    )


def _speaks_on(paragraph: Paragraph, attribution: Attribution) -> bool:
    """A paragraph that is one quotation, and says not whose."""
    nobody = not attribution.source and not attribution.cue
    return nobody and paragraph.quotation[0] == 0 and _is_all_quoted(paragraph)


def _in_force(
    paragraph: Paragraph, here: Sequence[Attribution], speaker: Attribution | None
) -> Attribution | None:
    """Whose words a quotation without a source would be, if it came next."""
    if not here:
        return speaker if _is_all_quoted(paragraph) else None
    spoke = [a for a in here if _ends_quoted(paragraph, a)]
    return here[-1] if here[-1].source or not spoke else spoke[-1]


def _is_all_quoted(paragraph: Paragraph) -> bool:
    return all(n >= 0 for i, n in enumerate(paragraph.quotation) if paragraph.is_word(i))


def _ends_quoted(paragraph: Paragraph, attribution: Attribution) -> bool:
    """Whether the last stretch of its content begins in quotation marks."""
    first = attribution.content[-1][0]
    return any(q.start <= first < q.end for q in paragraph.quotations)


def _as_attribution(
    paragraph: Paragraph, relation: Relation, introduced: Introduction | None, model: Model
) -> Attribution:
    content = _joined(_with_marks(paragraph, piece) for piece in relation.content)
    if relation.source or relation.cue or not _is_quoted_whole(paragraph, relation):
        source = [_without_possessive(paragraph, piece) for piece in relation.source]
        cue = [_span(paragraph, piece) for piece in relation.cue]
        return Attribution(source, cue, content, model.confidence_of(relation))
    if introduced and paragraph.quotation[0] == 0 == paragraph.quotation[relation.content[0].first]:
        relation.source, relation.cue = [introduced.source], [introduced.cue]
        source = [_without_possessive(introduced.paragraph, introduced.source)]
        cue = [_span(introduced.paragraph, introduced.cue)]
        return Attribution(source, cue, content, model.confidence_of(relation))
    who = signature(paragraph, _behind_marks(paragraph, relation.content[-1].end))
    return Attribution([who] if who else [], [], content, model.confidence_of(relation))


def _is_quoted_whole(paragraph: Paragraph, relation: Relation) -> bool:
    return all(paragraph.quotation[piece.first] >= 0 for piece in relation.content)


def _behind_marks(paragraph: Paragraph, token: int) -> int:
    """The token behind the quotation marks and stops that follow a content."""
    while token < len(paragraph.words) and paragraph.quotation[token] >= 0:
        token += 1
    return token


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Stretches that share a mark are one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _span(paragraph: Paragraph, piece: Piece) -> Span:
    """From the first word of a piece to its last."""
    return paragraph.tokens[piece.first][0], paragraph.tokens[piece.end - 1][1]


def _without_possessive(paragraph: Paragraph, piece: Piece) -> Span:
    start, end = _span(paragraph, piece)
    return start, end - 2 * bool(_POSSESSIVE.search(paragraph.words[piece.end - 1]))


def _with_marks(paragraph: Paragraph, piece: Piece) -> Span:
    """The span of a piece, with the quotation marks that stand right at its edges."""
    first, end = piece.first, piece.end
    inside = paragraph.quotation
    while first and not paragraph.is_word(first - 1) and 0 <= inside[first - 1] == inside[first]:
        first -= 1
    while end < len(inside) and not paragraph.is_word(end) and 0 <= inside[end] == inside[end - 1]:
        end += 1
    return paragraph.tokens[first][0], paragraph.tokens[end - 1][1]
