"""Who the sources of one text are: each mention resolved to an entity, or left apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nbhelpers.extraction.attribution import Attribution
from nbhelpers.extraction.paragraphs import paragraphs
from nbhelpers.lexicons import institution, institution_type
from nbhelpers.naming.antecedents import Memory, Pronoun, choose, load_weights, pronouns
from nbhelpers.naming.descriptions import of_description
from nbhelpers.naming.entities import Entity, distinct, entities, entity_like
from nbhelpers.naming.names import Name
from nbhelpers.naming.phrases import Phrase, phrase
from nbhelpers.naming.resolution import Resolution, apart
from nbhelpers.naming.runs import is_possessive
from nbhelpers.naming.story import Part, Story, story
from nbhelpers.text import Span

SURE = 0.5  # a pronoun whose antecedent is less probable stays apart
_NEAR = 2  # sentences back in which *they* and *it* look for whom they mean
_RELATIVE_REACH = 12  # tokens before *who* in which its noun phrase begins
_FIRST_PERSON = frozenset("i we my our me us".split())
_RELATIVE = frozenset("who which that whose whom".split())
_PLURAL = frozenset("they their them".split())
_NEUTER = frozenset("it its".split())
_DETERMINERS = frozenset("a an the one two three four five some many several".split())
_HANDLE = re.compile(r"@\w{1,30}")


@dataclass(slots=True)
class _Reading:
    """What is known of a text up to the place that is read."""

    story: Story
    found: Sequence[Attribution]
    known: Mapping[Name, Entity]
    named: Sequence[Entity]
    memory: Memory = field(default_factory=Memory)
    pronouns: dict[int, Resolution] = field(default_factory=dict)  # by place
    resolved: dict[int, Resolution] = field(default_factory=dict)  # by id of the attribution
    sources: list[tuple[int, Entity]] = field(default_factory=list)  # with their sentences
    described: list[Entity] = field(default_factory=list)
    author: Entity = field(default_factory=lambda: Entity("author"))


class Resolved(NamedTuple):
    """Whom each attribution's source means (None without a source), and all that a text names.

    ``pronouns`` are the resolved pronouns outside quotations, by their places.
    """

    sources: list[Resolution | None]
    named: Sequence[Entity]
    pronouns: Mapping[int, Resolution]


def resolve(read: Story, found: Sequence[Attribution]) -> Resolved:
    """Return whom the sources of a text's attributions mean."""
    cited = [a for a in found if a.source]
    starts = {place for a in cited for place in range(*a.source[0])}
    known = entities(read)
    reading = _Reading(read, found, known, distinct(known.values()))
    events: list[tuple[int, int, Name | Pronoun | Attribution]] = [
        *((name.start, 0, name) for name in read.names),
        *((pronoun.span[0], 1, pronoun) for pronoun in pronouns(read, starts)),
        *((a.source[0][0], 2, a) for a in cited),
    ]
    for place, _, event in sorted(events, key=lambda e: e[:2]):
        if isinstance(event, Name):
            _take_name(reading, event, is_source=place in starts)
        elif isinstance(event, Pronoun):
            _take_pronoun(reading, event)
        else:
            _take_source(reading, event)
    sources = [reading.resolved.get(id(a)) for a in found]
    return Resolved(sources, reading.named, reading.pronouns)


def _take_name(reading: _Reading, name: Name, *, is_source: bool) -> None:
    reading.memory.mention(
        reading.known[name],
        span=name.span,
        sentence=reading.story.sentence_at(name.start),
        part=reading.story.part_number(name.start),
        is_quoted=name.is_quoted,
        is_source=is_source,
    )


def _take_pronoun(reading: _Reading, pronoun: Pronoun) -> None:
    trace, probability = choose(pronoun, reading.memory, load_weights())
    if trace is None and (named := _named_next(reading, pronoun)):
        reading.pronouns[pronoun.span[0]] = Resolution(reading.known[named], "pronoun", named.span)
        return
    if trace is None or probability < SURE:
        reason = "several may be meant" if trace else "nobody is named before"
        reading.pronouns[pronoun.span[0]] = apart(_worded(pronoun.word, pronoun.span), reason)
        return
    reading.pronouns[pronoun.span[0]] = Resolution(
        trace.entity, "pronoun", trace.span, probability=probability
    )
    reading.memory.mention(
        trace.entity,
        span=pronoun.span,
        sentence=pronoun.sentence,
        part=pronoun.part,
        pronoun=pronoun.word,
        is_source=pronoun.is_source,
    )


def _named_next(reading: _Reading, pronoun: Pronoun) -> Name | None:
    """Who is named right behind the sentence, in small letters, where a sentence was torn apart.

    ``"...," he said. the spokesperson, Vedant Patel, stressing ...``
    """
    part = reading.story.parts[pronoun.part]
    behind = [
        n
        for n in part.names
        if n.start > pronoun.span[1] and len(n.words) > 1 and reading.known[n].is_personal
    ]
    if not behind:
        return None
    sentence = part.paragraph.sentence
    here = pronoun.sentence - part.sentences
    first = next((t for t, number in enumerate(sentence) if number == here + 1), None)
    is_torn = first is not None and part.lower[first] == part.paragraph.words[first] == "the"
    return behind[0] if is_torn and behind[0].sentence == here + 1 else None


def _worded(words: str, span: Span) -> Entity:
    """Somebody of whom there is no more than these words."""
    return Entity("described", description=Phrase("description", span, span, noun=words))


def _take_source(reading: _Reading, attribution: Attribution) -> None:
    span = attribution.source[0]
    part = reading.story.part_at(span[0])
    if part is None:
        resolution = _of_handle(reading, attribution)
    else:
        first, end = part.tokens(*span)
        worded = phrase(part, first, max(end, first + 1))
        resolution = _of_phrase(reading, part, worded)
    reading.resolved[id(attribution)] = resolution
    reading.sources.append((reading.story.sentence_at(span[0]), resolution.entity))


def _of_phrase(reading: _Reading, part: Part, worded: Phrase) -> Resolution:
    if worded.kind == "pronoun":
        return _of_pronoun(reading, part, worded)
    if worded.kind == "description":
        return _of_description(reading, part, worded)
    members = [reading.known[name] for name in worded.names]
    if len(members) > 1:
        return Resolution(Entity("group", members=tuple(members)), "name")
    return _of_name(worded.names[0], members[0])


def _of_name(name: Name, entity: Entity) -> Resolution:
    """How a name stands to the fullest name of its entity."""
    fullest = entity.fullest or name
    antecedent = fullest.span if fullest.words != name.words else None
    if entity.kind == "institution":
        listed = institution(" ".join(name.words))
        is_short = len(name.words) == 1 < len(fullest.words) and name.words[0].isupper()
        basis = listed.basis if listed else "abbreviation" if is_short else "name"
        return Resolution(entity, basis, antecedent)
    if len(name.words) < len(fullest.words):
        return Resolution(entity, "surname", antecedent)
    return Resolution(entity, "variant" if antecedent else "name", antecedent)


def _of_description(reading: _Reading, part: Part, worded: Phrase) -> Resolution:
    words = reading.story.text[slice(*worded.whole)]
    if institution(words):
        name = Name(*worded.whole, tuple(words.title().split()), "institution")
        return Resolution(Entity("institution", [name]), "variant")
    if writer := _writer(part, worded):
        return Resolution(reading.known[writer], "description", writer.span)
    resolution = of_description(worded, reading.named, reading.described, reading.story.text)
    if resolution.entity.description is worded:
        reading.described.append(resolution.entity)
        if speaker := _speaker_in_force(reading, worded):
            resolution = Resolution(speaker, "description", speaker.span)
    reading.memory.mention(
        resolution.entity,
        span=worded.span,
        sentence=reading.story.sentence_at(worded.span[0]),
        part=reading.story.part_number(worded.span[0]),
        is_source=True,
    )
    return resolution


def _speaker_in_force(reading: _Reading, worded: Phrase) -> Entity | None:
    """*The official*, of whom nothing was said, is the person who was just quoted."""
    if not worded.is_definite or not worded.role or worded.role.is_plural or not reading.sources:
        return None
    sentence, entity = reading.sources[-1]
    here = reading.story.sentence_at(worded.span[0])
    agrees = worded.role.gender in ("", entity.gender) or not entity.gender
    is_person = entity.kind == "person" or (entity.kind == "other" and bool(entity.roles))
    is_bare = worded.whole == worded.span and 0 < here - sentence <= _NEAR
    return entity if agrees and is_person and is_bare else None


def _writer(part: Part, worded: Phrase) -> Name | None:
    """Whose statement, letter or post it is: what it says is said by them."""
    if not worded.names or institution_type(worded.noun) != "document":
        return None
    name = worded.names[-1]
    return name if is_possessive(part.lower[name.token_end - 1]) else None


def _of_handle(reading: _Reading, attribution: Attribution) -> Resolution:
    """Who signs a post: the name beside the handle, which the story may know, and the handle."""
    text, span = reading.story.text, attribution.source[0]
    words = " ".join(text[start:end] for start, end in attribution.source)
    handle = _HANDLE.search(words)
    signed = story(text, list(paragraphs(text, [(*span, False)]))).names
    named = signed[0] if signed else None
    known = entity_like(named.keys, reading.named) if named else None
    if known:
        return Resolution(known, "handle", known.span)
    entity = Entity(named.kind if named else "handle", [named] if named else [])
    entity.handle = handle[0] if handle else ""
    if not named:
        entity.description = Phrase("description", span, span, noun=words)
    return Resolution(entity, "handle")


def _of_pronoun(reading: _Reading, part: Part, worded: Phrase) -> Resolution:
    word, place = worded.noun, worded.span[0]
    if place in reading.pronouns:
        return reading.pronouns[place]
    if word in _FIRST_PERSON:
        return _of_speaker(reading, worded)
    if word in _RELATIVE:
        return _of_relative(reading, part, worded)
    if word in _PLURAL or word in _NEUTER:
        return _of_last_source(reading, worded)
    return apart(_worded(word, worded.span), "it is not said who is meant")


def _of_speaker(reading: _Reading, worded: Phrase) -> Resolution:
    """*I* and *we* are the source whose words they stand in, else the author's."""
    place = worded.span[0]
    around = [
        a
        for a in reading.found
        if id(a) in reading.resolved and any(start <= place < end for start, end in a.content)
    ]
    if not around:
        reading.author.description = reading.author.description or worded
        return Resolution(reading.author, "pronoun")
    speaker = min(around, key=lambda a: a.end - a.start)
    return Resolution(reading.resolved[id(speaker)].entity, "pronoun", speaker.source[0])


def _of_relative(reading: _Reading, part: Part, worded: Phrase) -> Resolution:
    """*Who* is the name or the noun phrase right before it."""
    token = part.tokens(*worded.span)[0]
    before = token - (token > 0 and part.lower[token - 1] == ",")
    first = before
    while first and before - first < _RELATIVE_REACH and part.is_one_sentence(first - 1, token):
        first -= 1
        if part.lower[first] in _DETERMINERS or part.name_from(first):
            break
    if first == before:
        return apart(_worded(worded.noun, worded.span), "nobody is named before")
    found = _of_phrase(reading, part, phrase(part, first, before))
    place = found.antecedent or (
        part.paragraph.tokens[first][0],
        part.paragraph.tokens[before - 1][1],
    )
    return Resolution(found.entity, "pronoun", place, found.reason)


def _of_last_source(reading: _Reading, worded: Phrase) -> Resolution:
    """*They* are the last source that is several, *it* the last that is no person."""
    here = reading.story.sentence_at(worded.span[0])
    wanted = _is_several if worded.noun in _PLURAL else _is_thing
    for sentence, entity in reversed(reading.sources):
        if here - sentence > _NEAR:
            break
        if wanted(entity):
            return Resolution(entity, "pronoun", entity.span)
    return apart(_worded(worded.noun, worded.span), "no source shortly before can be meant")


def _is_several(entity: Entity) -> bool:
    return entity.kind == "institution" or entity.is_plural


def _is_thing(entity: Entity) -> bool:
    return entity.kind == "institution" or bool(entity.description and not entity.description.role)
