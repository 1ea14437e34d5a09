"""Where attributions go wrong: the errors by kind, and what is found by what it is like.

Pairs are those of the scorer: a gold attribution and a found one whose contents share most words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from types import ModuleType
from typing import Any

from nbhelpers.extraction.cues import CueWord, cue_words, is_speech_verb
from nbhelpers.text import word_spans

Item = dict[str, frozenset[int]]
RIGHT = "right as a whole"
NOT_FOUND = "not found: no word of the content is in another found one"
NO_HALF = "content: less than half is right"
BESIDES = "found besides: no word of the content is in another gold one"
PRONOUNS = frozenset("he she they it we i you who his her their its".split())


def print_errors(scorer: ModuleType, gold: list[dict], found: dict[str, list[dict]]) -> None:
    """Print what is wrong with the attributions, and of which kinds most are wrong."""
    errors: Counter[str] = Counter()
    right: defaultdict[str, list[bool]] = defaultdict(list)
    for row in gold:
        document = scorer.Doc(row["text"])
        wanted = document.items(row["attributions"])
        items = document.items(found[row["doc_id"]], row.get("ignore", ()))
        paired = {i: (items[j], dice) for i, j, dice in scorer.align(wanted, items)}
        for i, item in enumerate(wanted):
            error = error_of(item, *paired.get(i, (None, 0.0)))
            errors[error] += 1
            for trait in traits(document, item):
                right[trait].append(error == RIGHT)
        errors[BESIDES] += len(items) - len(paired)
    total = sum(errors.values()) - errors[BESIDES]
    print(f"\n| of {total:,} attributions | | share |\n|---|---|---|")
    for error, count in errors.most_common():
        print(f"| {error} | {count} | {100 * count / total:.1f} % |")
    print("\n| what they are like | attributions | right as a whole |\n|---|---|---|")
    for trait in sorted(right, key=lambda trait: sum(right[trait]) / len(right[trait])):
        print(f"| {trait} | {len(right[trait])} | {100 * mean(right[trait]):.1f} % |")


def mean(values: list[bool]) -> float:
    return sum(values) / len(values)


def error_of(wanted: Item, item: Item | None, dice: float) -> str:
    """The first thing that is wrong with what was found for an attribution."""
    if item is None:
        return NOT_FOUND
    if dice < 0.5:
        return NO_HALF
    for role in ("source", "cue"):
        one, other = wanted[role], item[role]
        if one and not other:
            return f"{role}: left out"
        if other and not one:
            return f"{role}: there is none"
        if one and not one & other:
            return f"{role}: another"
    return RIGHT


def traits(document: Any, item: Item) -> Iterator[str]:
    """What an attribution is like; several may be true of one."""
    yield f"{item['kind']} content"
    content = sorted(item["content"])
    if any(after - before > 1 for before, after in pairwise(content)):
        yield "content in several stretches"
    if "\n" in document.text[document.tok[content[0]][0] : document.tok[content[-1]][1]]:
        yield "content of several paragraphs"
    yield f"cue: {cue_kind(words(document, item['cue']))}"
    source = words(document, item["source"])
    if not source:
        yield "no source"
    elif source[0] in PRONOUNS and len(source) == 1:
        yield "source: a pronoun"


def words(document: Any, tokens: frozenset[int]) -> list[str]:
    text = [document.text[slice(*document.tok[token])].lower() for token in sorted(tokens)]
    return [word[a:b] for word in text for a, b in word_spans(word)]


def cue_kind(cue: list[str]) -> str:
    """Whether a cue is a verb of speech, another verb, a noun ... by the lexicon of cues."""
    known: list[CueWord] = [cue_words()[word] for word in cue if word in cue_words()]
    if not cue:
        return "none"
    if cue[:2] == ["according", "to"]:
        return "according to"
    if any(map(is_speech_verb, cue)):
        return "a verb of speech"
    if any(word.part_of_speech == "verb" for word in known):
        return "a verb of thought, wish or judgement"
    return "a noun or adjective" if known else "words that are not in the lexicon"
