"""Who the sources of one text are: each mention resolved to an entity, or left apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nbhelpers.extraction.attribution import Attribution
from nbhelpers.naming.antecedents import Memory, Pronoun, choose, load_weights, pronouns
from nbhelpers.naming.descriptions import of_description
from nbhelpers.naming.entities import Entity, distinct, entities, entity_like
from nbhelpers.naming.lexicons import institution_heads, institutions, key, phrase_key
from nbhelpers.naming.names import Name
from nbhelpers.naming.phrases import Phrase, phrase
from nbhelpers.naming.resolution import Resolution, apart
from nbhelpers.naming.story import Part, Story
from nbhelpers.text import Span

SURE = 0.5  # a pronoun whose antecedent is less probable stays apart
_NEAR = 2  # sentences back in which *they* and *it* look for whom they mean
_RELATIVE_REACH = 12  # tokens before *who* in which its noun phrase begins
_FIRST_PERSON = frozenset("i we my our me us".split())
_RELATIVE = frozenset("who which that whose whom".split())
_PLURAL = frozenset("they their them".split())
_NEUTER = frozenset("it its".split())
_DETERMINERS = frozenset("a an the one two three four five some many several".split())
_HANDLE = re.compile(r"\(?@\w{1,30}\)?")


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


def resolve(
    story: Story, found: Sequence[Attribution]
) -> tuple[list[Resolution | None], Sequence[Entity]]:
    """Return whom the source of each attribution of a text means, and all that the text names.

    An attribution without a source has None.
    """
    cited = [a for a in found if a.source]
    starts = {place for a in cited for place in range(*a.source[0])}
    known = entities(story)
    reading = _Reading(story, found, known, distinct(known.values()))
    events: list[tuple[int, int, Name | Pronoun | Attribution]] = [
        *((name.start, 0, name) for name in story.names),
        *((pronoun.span[0], 1, pronoun) for pronoun in pronouns(story, starts)),
        *((a.source[0][0], 2, a) for a in cited),
    ]
    for place, _, event in sorted(events, key=lambda e: e[:2]):
        if isinstance(event, Name):
            _take_name(reading, event, is_source=place in starts)
        elif isinstance(event, Pronoun):
            _take_pronoun(reading, event)
        else:
            _take_source(reading, event)
    return [reading.resolved.get(id(a)) for a in found], reading.named


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
    if trace is None or probability < SURE:
        reason = "several may be meant" if trace else "nobody is named before"
        reading.pronouns[pronoun.span[0]] = apart(_worded(pronoun.word, pronoun.span), reason)
        return
    reading.pronouns[pronoun.span[0]] = Resolution(trace.entity, "pronoun", trace.span)
    reading.memory.mention(
        trace.entity,
        span=pronoun.span,
        sentence=pronoun.sentence,
        part=pronoun.part,
        is_pronoun=True,
        is_source=pronoun.is_source,
    )


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
        return Resolution(Entity("group", members=members), "name")
    return _of_name(worded.names[0], members[0])


def _of_name(name: Name, entity: Entity) -> Resolution:
    """How a name stands to the fullest name of its entity."""
    fullest = entity.fullest or name
    antecedent = fullest.span if fullest.words != name.words else None
    if entity.kind == "institution":
        listed = institutions().get(phrase_key(" ".join(name.words)))
        return Resolution(entity, listed.basis if listed else "name", antecedent)
    if len(name.words) < len(fullest.words):
        return Resolution(entity, "surname", antecedent)
    return Resolution(entity, "variant" if antecedent else "name", antecedent)


def _of_description(reading: _Reading, part: Part, worded: Phrase) -> Resolution:
    if writer := _writer(part, worded):
        return Resolution(reading.known[writer], "description", writer.span)
    resolution = of_description(worded, reading.named, reading.described, reading.story.text)
    entity = resolution.entity
    if entity.description is worded and (speaker := _speaker_in_force(reading, worded)):
        return Resolution(speaker, "description", speaker.span)
    if entity.description:
        reading.described.append(entity)
        reading.memory.mention(
            entity,
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
    return entity if agrees and is_person and here - sentence <= _NEAR else None


def _writer(part: Part, worded: Phrase) -> Name | None:
    """Whose statement, letter or post it is: what it says is said by them."""
    if not worded.names or institution_heads()["last"].get(worded.noun) != "document":
        return None
    name = worded.names[-1]
    return name if part.lower[name.token_end - 1].endswith(("'s", "’s", "s'", "s’")) else None


def _of_handle(reading: _Reading, attribution: Attribution) -> Resolution:
    """Who signs a post: the name beside the handle, if the story knows it, else the handle."""
    text = reading.story.text
    words = " ".join(text[start:end] for start, end in attribution.source)
    keys = tuple(map(key, _HANDLE.sub("", words).strip(" —–-\n").split()))
    entity = entity_like(keys, reading.named) if keys else None
    if entity and entity.fullest:
        return Resolution(entity, "handle", entity.fullest.span)
    return Resolution(_worded(words, attribution.source[0]), "handle")


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
        return Resolution(Entity("author"), "pronoun")
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
    described = entity.description
    plural = bool(
        described and (described.role.is_plural if described.role else described.noun.endswith("s"))
    )
    return entity.kind in ("group", "institution") or plural


def _is_thing(entity: Entity) -> bool:
    return entity.kind == "institution" or bool(entity.description and not entity.description.role)
