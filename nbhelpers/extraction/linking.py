"""From tagged pieces to relations: which content goes with which cue, which cue with which source.

Each content piece chooses among the cues and sources of its paragraph, then each cue among its
sources (or none). A choice is scored by a linear model over plain features of the two pieces and
of what stands between them; the weights are learned (see :mod:`nbhelpers.training.attribution`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from nbhelpers.extraction.cues import cue_words
from nbhelpers.extraction.features import bucket
from nbhelpers.extraction.paragraphs import MARKS, Paragraph
from nbhelpers.extraction.tags import CONTENT, CUE, SOURCE, Piece

Weights = Mapping[str, float]
NO_PIECE = "a dropped"  # the feature that every choice to drop a content piece has
REACH = 30  # pieces on either side among which a partner is looked for
ALONE, DROPPED = -1, -2  # choices besides the candidates: no partner, and no piece at all


@dataclass(slots=True)
class Relation:
    """One attribution inside a paragraph: pieces of each role, in the order of the text."""

    source: list[Piece] = field(default_factory=list)
    cue: list[Piece] = field(default_factory=list)
    content: list[Piece] = field(default_factory=list)
    certainty: float = 1.0


def link(paragraph: Paragraph, pieces: Sequence[Piece], weights: Weights) -> list[Relation]:
    """Return the relations among the pieces of a paragraph, in the order of their contents."""
    scene = Scene(paragraph, pieces)
    linked: dict[int, list[int]] = {}
    certainty: dict[int, float] = {}
    for content in scene.contents:
        anchor, p = choose(weights, *scene.anchor_choices(content, linked))
        if anchor == DROPPED:
            continue
        key = anchor if anchor != ALONE else ~content
        linked.setdefault(key, []).append(content)
        certainty[key] = min(certainty.get(key, 1.0), p)
    relations = [
        _relation(scene, weights, anchor, contents, certainty[anchor])
        for anchor, contents in linked.items()
    ]
    return sorted(relations, key=lambda relation: relation.content[0].first)


def _relation(
    scene: Scene, weights: Weights, anchor: int, contents: list[int], certainty: float
) -> Relation:
    pieces = scene.pieces
    relation = Relation(content=[pieces[i] for i in contents], certainty=certainty)
    if anchor < 0:
        return relation
    if pieces[anchor].role == SOURCE:
        relation.source.append(pieces[anchor])
        return relation
    relation.cue.append(pieces[anchor])
    source, p = choose(weights, *scene.source_choices(anchor))
    relation.certainty *= p
    if source >= 0:
        relation.source.append(pieces[source])
    return relation


def choose(
    weights: Weights, candidates: Sequence[int], features: Sequence[Sequence[str]]
) -> tuple[int, float]:
    """Return the best candidate and its probability."""
    scores = [sum(weights.get(name, 0.0) for name in names) for names in features]
    best = max(range(len(scores)), key=scores.__getitem__)
    total = sum(math.exp(score - scores[best]) for score in scores)
    return candidates[best], 1 / total


class Scene:
    """The pieces of a paragraph, in order, and what the features of a choice look at."""

    def __init__(self, paragraph: Paragraph, pieces: Sequence[Piece]) -> None:
        """Sort out the pieces by role."""
        self.paragraph = paragraph
        self.pieces = pieces
        self._order = sorted(range(len(pieces)), key=lambda i: pieces[i].first)
        self._rank = {index: rank for rank, index in enumerate(self._order)}
        self.contents = [i for i in self._order if pieces[i].role == CONTENT]
        self.cues = [i for i in self._order if pieces[i].role == CUE]
        self._looks = [self._look(piece) for piece in pieces]
        self._heads = [self._head(piece) for piece in pieces]
        self._before = {role: self._counted(role) for role in (SOURCE, CUE, CONTENT)}

    def anchor_choices(
        self, content: int, linked: Mapping[int, Sequence[int]]
    ) -> tuple[list[int], list[list[str]]]:
        """Return the anchors that a content piece may have, and the features of each.

        ``linked`` are the contents before this one that each anchor has already.
        """
        cues, sources = self._near(content, CUE), self._near(content, SOURCE)
        candidates = [*cues, *sources]
        features = [
            self._pair("a", content, other) + self._company(content, linked.get(other, ()))
            for other in candidates
        ]
        piece = self.pieces[content]
        look = self._looks[content]
        sure = _tenth(piece.probability)
        first = self.paragraph.words[piece.first].lower()
        length = bucket(piece.end - piece.first)
        for name in ("alone", "dropped"):
            features.append(
                [
                    f"a {name}",
                    f"a {name} {look}",
                    f"a {name} {look} {length}",
                    f"a {name} {look} {sure}",
                    f"a {name} {piece.side} {look} {first}",
                    f"a {name} {bool(cues)} {bool(sources)} {look}",
                    f"a {name} {self.edges(piece)}",
                ]
            )
        return [*candidates, ALONE, DROPPED], features

    def source_choices(self, cue: int) -> tuple[list[int], list[list[str]]]:
        """Return the sources that a cue may have, and the features of each."""
        sources = self._near(cue, SOURCE)
        features = [self._pair("s", cue, other) for other in sources]
        head = self._heads[cue]
        nothing = ["s none", f"s none {head}", f"s none {bool(sources)}"]
        return [*sources, ALONE], [*features, nothing]

    def _near(self, index: int, role: str) -> list[int]:
        """The pieces of a role within reach of a piece, in order."""
        rank = self._rank[index]
        near = self._order[max(0, rank - REACH) : rank + REACH + 1]
        return [i for i in near if self.pieces[i].role == role]

    def edges(self, piece: Piece) -> str:
        """Whether a piece fills the paragraph from its start, to its end."""
        return f"{piece.first <= 1} {piece.end >= len(self.paragraph.words) - 2}"

    def _company(self, content: int, others: Sequence[int]) -> list[str]:
        """How a content piece would go with those that the anchor has already."""
        if not others:
            return ["with none"]
        piece, last = self.pieces[content], self.pieces[others[-1]]
        look, beside = self._looks[content], self._looks[others[-1]]
        words = self.paragraph.words[last.end : piece.first]
        sides = f"{last.side}{piece.side}"
        sentence = self.paragraph.sentence
        apart = min(sentence[piece.first] - sentence[last.end - 1], 3)
        return [
            f"with {len(others)}",
            f"with {beside} {look} {sides}",
            f"with {beside} {look} {sides} {apart}",
            f"with {look} {bucket(len(words))} {apart}",
            f"with {look} {self._between(words)}",
            f"with {look} {sides} {_tenth(piece.probability)}",
            f"with {look} {self.paragraph.words[piece.first].lower()} {sides}",
        ]

    def _counted(self, role: str) -> list[int]:
        """How many pieces of a role stand before each place in the order."""
        return [0, *accumulate(int(self.pieces[i].role == role) for i in self._order)]

    def _look(self, piece: Piece) -> str:
        """Whether a piece stands in quotation marks, wholly or in part."""
        quoted = [
            self.paragraph.quotation[i] >= 0
            for i in range(piece.first, piece.end)
            if self.paragraph.is_word(i)
        ]
        return "quoted" if all(quoted) else "plain" if not any(quoted) else "part"

    def _head(self, piece: Piece) -> str:
        """The lemma of the first cue word of a cue; else its first word."""
        words = [w.lower() for w in self.paragraph.words[piece.first : piece.end]]
        lexicon = cue_words()
        return next((lexicon[w].lemma for w in words if w in lexicon), words[0])

    def _pair(self, question: str, index: int, other: int) -> list[str]:
        """The features of choosing ``other`` for the piece ``index``."""
        a, b = self.pieces[index], self.pieces[other]
        before = b.first < a.first
        left, right = (b, a) if before else (a, b)
        where = "<" if before else ">"
        distance = max(0, right.first - left.end)
        sentence = self.paragraph.sentence
        apart = min(abs(sentence[right.first] - sentence[max(left.first, left.end - 1)]), 3)
        role = b.role
        first, past = sorted((self._rank[index], self._rank[other]))
        in_way = "".join(str(min(n[past] - n[first + 1], 2)) for n in self._before.values())
        words = self.paragraph.words[left.end : right.first]
        shape = self._between(words)
        base = f"{question}{role[0]}{where}"
        look, look_b = self._looks[index], self._looks[other]
        agrees = a.side == where if a.side else b.side != where
        head = self._heads[other if role == CUE else index]
        return [
            base,
            f"{base} side {a.side}{b.side}",
            f"{base} side {a.side}{b.side} way {in_way}",
            f"{base} agrees {agrees} apart {apart} {look}",
            f"{base} distance {bucket(distance)} apart {apart}",
            f"{base} way {in_way} apart {apart}",
            f"{base} way {in_way} {look} {look_b}",
            f"{base} shape {shape}",
            f"{base} shape {shape} {look}",
            f"{base} head {head}",
            f"{base} head {head} {agrees} {in_way}",
            f"{base} first {self.paragraph.words[a.first].lower()} {apart}",
            f"{base} {look} {look_b} apart {apart} {in_way}",
        ]

    def _between(self, words: list[str]) -> str:
        kept = [
            '"' if w in MARKS else w.lower() if not w[0].isalnum() or len(words) <= 3 else "w"
            for w in words[:7]
        ]
        packed = [w for i, w in enumerate(kept) if i == 0 or w != "w" or kept[i - 1] != "w"]
        return " ".join(packed) + ("..." if len(words) > 7 else "")


def _tenth(p: float) -> int:
    return min(int(p * 10), 9)
