"""A text as naming sees it: its paragraphs, their names and sentences in one running order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from nbhelpers.extraction.paragraphs import Paragraph
from nbhelpers.naming.names import Name, names
from nbhelpers.naming.runs import is_small
from nbhelpers.text import Span


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph with its names; ``sentences`` is how many sentences come before it."""

    paragraph: Paragraph
    lower: list[str]
    names: list[Name]
    sentences: int
    starts: list[int]

    def tokens(self, start: int, end: int) -> Span:
        """Return the first token of a stretch of the text, and the one behind its last."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def is_one_sentence(self, first: int, last: int) -> bool:
        """Return whether two tokens stand in one sentence."""
        return self.paragraph.sentence[first] == self.paragraph.sentence[last]

    def name_from(self, token: int) -> Name | None:
        """Return the name that begins at a token."""
        return next((name for name in self.names if name.token == token), None)

    def names_within(self, first: int, end: int) -> list[Name]:
        """Return the names that begin among some tokens."""
        return [name for name in self.names if first <= name.token < end]


@dataclass(frozen=True, slots=True)
class Story:
    """All parts of a text in order."""

    text: str
    parts: list[Part]
    starts: list[int]

    def part_at(self, place: int) -> Part | None:
        """Return the part in which a place of the text lies."""
        number = bisect_right(self.starts, place) - 1
        if number >= 0 and place < self.parts[number].paragraph.end:
            return self.parts[number]
        return None

    def part_number(self, place: int) -> int:
        """Return the number of the part at a place, or before it."""
        return bisect_right(self.starts, place) - 1

    def sentence_at(self, place: int) -> int:
        """Return the running number of the sentence at a place (-1: before the story)."""
        number = bisect_right(self.starts, place) - 1
        if number < 0:
            return -1
        part = self.parts[number]
        token = max(0, bisect_right(part.starts, place) - 1)
        return part.sentences + part.paragraph.sentence[token]

    @property
    def names(self) -> list[Name]:
        """All names in the order of the text."""
        return [name for part in self.parts for name in part.names]

    @property
    def headline_names(self) -> list[Name]:
        """The names of headlines, where other words may have capitals too."""
        return [n for part in self.parts if part.paragraph.is_title for n in part.names]


def story(text: str, parts: Sequence[Paragraph]) -> Story:
    """Return a text's story from its paragraphs.

    An ordinary word with a capital is a name only where the text has it as somebody's surname:
    *Banks* in a text on Tyra Banks.
    """
    lowered = [[word.lower() for word in paragraph.words] for paragraph in parts]
    found = [names(paragraph, lower) for paragraph, lower in zip(parts, lowered, strict=True)]
    people = (n for of_part in found for n in of_part if n.kind == "person" and len(n.words) > 1)
    surnames = {word for name in people for word in (name.keys[0], name.keys[-1])}
    read: list[Part] = []
    sentences = 0
    for paragraph, lower, of_part in zip(parts, lowered, found, strict=True):
        kept = [n for n in of_part if not n.is_doubtful or _is_surname(n, paragraph, surnames)]
        starts = [start for start, _ in paragraph.tokens]
        read.append(Part(paragraph, lower, kept, sentences, starts))
        sentences += paragraph.sentence[-1] + 1
    return Story(text, read, [part.paragraph.start for part in read])


def _is_surname(name: Name, paragraph: Paragraph, surnames: set[str]) -> bool:
    begins = not name.token or paragraph.sentence[name.token - 1] != name.sentence
    return name.keys[0] in surnames and not (begins and is_small(name.words[0]))
