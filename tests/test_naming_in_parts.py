"""A corpus that is read part by part has the same names, and the same tables, as at once."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import STORIES, texts

from nbhelpers.attribution import attributions, spans
from nbhelpers.cleaning import segments, sentences
from nbhelpers.corpus import Corpus, Document, load_corpus
from nbhelpers.naming.across import (
    actors,
    cited,
    entity_names,
    named,
    named_most,
    names_of_entities,
    names_of_sources,
    read_texts,
    source_names,
)
from nbhelpers.naming.merging import merged
from nbhelpers.naming.records import as_records, from_record, from_records
from nbhelpers.naming.relations import readings
from nbhelpers.sources import listed_sources, source_evidence, source_mentions, sources
from nbhelpers.targets import (
    chosen_targets,
    given_targets,
    last_wordings,
    named_entities,
    target_mentions,
    target_words,
)

FAST = {"model": "fast"}
GIVEN = {"Ukraine": ["Kyiv", "Zelensky"], "Lee": ["Ann Lee", "Ann"], "Kim": ["Kim Jong Un"]}
ASKED = [{"targets": None, "top": 3}, {"targets": GIVEN, "top": 3}]


def keep(
    corpus: Corpus, function: Callable[..., pd.DataFrame], frame: pd.DataFrame, **options: Any
) -> None:
    """Let a corpus remember a table as if it had been made there."""
    empty = Corpus([])
    function(empty, **options)
    corpus._tables[list(empty._tables)[-1]] = frame.reset_index(drop=True)


def rows_of(frame: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    return frame[frame["doc_id"].isin(corpus.doc_ids)]


def read_in_parts(whole: Corpus, parts: Sequence[Corpus]) -> None:
    """Give each part what was read in it, as records, and the names of the whole corpus."""
    records = as_records(readings(whole, **FAST))
    for part in parts:
        keep(part, segments, rows_of(segments(whole), part))
        keep(part, sentences, rows_of(sentences(whole), part))
        keep(part, readings, from_records(rows_of(records, part)), **FAST)
    sources, entities = merged(
        lambda: chain.from_iterable(read_texts(part, **FAST) for part in parts), cited, named
    )
    for part in parts:
        keep(part, source_names, names_of_sources(sources, read_texts(part, **FAST)), **FAST)
        keep(part, entity_names, names_of_entities(entities, read_texts(part, **FAST)), **FAST)
        keep(part, actors, named_most(entities), **FAST)


def choose_in_parts(parts: Sequence[Corpus], asked: dict[str, Any]) -> None:
    if asked["targets"]:
        every = chain.from_iterable(named_entities(part, **FAST) for part in parts)
        chosen = given_targets(asked["targets"], every)
        for part in parts:
            keep(part, chosen_targets, chosen, **asked, **FAST)
    words = last_wordings(pd.concat([target_words(part, **asked, **FAST) for part in parts]))
    for part in parts:
        keep(part, target_words, words, **asked, **FAST)


def together(
    function: Callable[..., pd.DataFrame], parts: Sequence[Corpus], **options: Any
) -> pd.DataFrame:
    every = pd.concat([function(part, **options) for part in parts])
    return every.sort_values("doc_id", kind="stable", ignore_index=True)


def check_parts(whole: Corpus, parts: Sequence[Corpus]) -> None:
    read_in_parts(whole, parts)
    for table in (source_names, entity_names, attributions, spans, source_mentions):
        pd.testing.assert_frame_equal(together(table, parts, **FAST), table(whole, **FAST))
    shown = source_evidence(whole, **FAST)
    pd.testing.assert_frame_equal(
        together(source_evidence, parts, **FAST),
        shown.sort_values("doc_id", kind="stable", ignore_index=True),
    )
    frames = [
        pd.concat([table(part, **FAST) for part in parts])
        for table in (source_mentions, source_evidence, source_names)
    ]
    pd.testing.assert_frame_equal(listed_sources(*frames), sources(whole, **FAST))
    for asked in ASKED:
        choose_in_parts(parts, asked)
        for content_only in (True, False):
            options = {**asked, **FAST, "content_only": content_only}
            pd.testing.assert_frame_equal(
                together(target_mentions, parts, **options), target_mentions(whole, **options)
            )


def split(documents: Sequence[Document], lots: random.Random) -> list[Corpus]:
    """The documents in parts, in an order of chance."""
    shuffled = lots.sample(documents, len(documents))
    ends = sorted({*lots.sample(range(len(documents)), min(3, len(documents))), len(documents)})
    starts = [0, *ends]
    return [Corpus(shuffled[a:b]) for a, b in zip(starts, ends, strict=False) if a < b]


def test_the_seeds_several_times_over() -> None:
    lots = random.Random(0)
    whole = Corpus(
        Document(f"{doc.doc_id} {n}", "\n\n".join(lots.sample(parts, len(parts))), doc.file)
        for doc in load_corpus("seeds")
        for n in range(4)
        if (parts := doc.text.split("\n\n"))
    )
    check_parts(whole, split(list(whole), lots))


IDS = ["a", "A", "B", "kenya", "x (a", "x (a)", "d 2"]


@settings(max_examples=12, deadline=None)
@given(st.lists(STORIES, min_size=1, max_size=len(IDS)), st.randoms())
def test_texts_made_of_names(stories: list[str], lots: random.Random) -> None:
    whole = Corpus(Document(*told, "made.txt") for told in zip(IDS, stories, strict=False))
    check_parts(whole, split(list(whole), lots))


def test_those_of_one_id_are_numbered_in_the_order_of_their_texts() -> None:
    text = "Mr. Adams and Mr. Leahy said it rained."
    read = read_texts(Corpus(Document(doc_id, text, "a.txt") for doc_id in "abc"), **FAST)
    for order in (read, read[::-1]):
        [sources] = merged(lambda order=order: order, cited)
        names = names_of_sources(sources, read)
        assert names["source_id"].tolist() == [f"adams and leahy{n}" for n in ("", " 2", " 3")]


def test_two_texts_never_share_a_source_that_stays_with_its_text() -> None:
    text = "“It rained,” two officials said."
    found = source_names(Corpus(Document(i, text, "a.txt") for i in IDS), **FAST)
    assert found["source_id"].is_unique


def test_what_was_one_is_one_again() -> None:
    text = "Mayor Ines Lund left. “Yes,” she said. It rained, the BBC reported, citing Lund."
    read = readings(Corpus([Document("a", text, "a.txt")]), **FAST)
    found, resolved = from_record(as_records(read)["record"][0])
    assert resolved.sources[0].entity is resolved.sources[2].entity is resolved.named[0]
    assert resolved.named[0].fullest is resolved.named[0].names[0]
    assert [a.via for a in found] == [None, None, found[1]]


@settings(max_examples=25, deadline=None)
@given(st.one_of(STORIES, texts))
def test_a_record_gives_back_what_was_read(text: str) -> None:
    read = readings(Corpus([Document("a", text, "a.txt")]), **FAST)
    again = from_records(as_records(read))
    columns = ["doc_id", "attributions", "resolved"]
    assert list(map(shown, again[columns].values)) == list(map(shown, read[columns].values))


def shown(value: object) -> str:
    """Return the repr of a value, what its sets hold in one order."""
    held = re.compile(r"frozenset\(\{(.*?)\}\)")
    return held.sub(lambda found: str(sorted(found[1].split(", "))), repr(value))


def test_the_names_of_a_headline_are_told_in_its_order():
    towns = ["Zorba", "Turin", "Perth", "Adelaide", "Porto", "Graz", "Lodz", "Basel"]
    text = f"{', '.join(towns)} Agree\n\nThe towns agreed on Monday. “It is done,” Ann Lee said."
    found = entity_names(Corpus([Document("a", text, "a.txt")]), model="fast")
    assert found["name"].tolist() == ["Ann Lee", *towns]
