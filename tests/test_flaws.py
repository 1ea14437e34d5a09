"""Each kind of flaw: one that is there, and a tempting place where nothing is wrong."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from nbhelpers.cleaning import damage
from nbhelpers.corpus import Corpus, Document
from nbhelpers.flaws import mojibake

DATA = Path(__file__).parent / "data"
REACH = 3  # characters beside a missing stop that still count as its place


STORY = (
    "Forty passengers waited in the hall of the harbour until noon, among them a brass band that "
    "was to play at a wedding."
)


def flaws(text: str) -> list[tuple[str, str]]:
    frame = damage(Corpus([Document("a", text, "a.txt")]))
    return list(zip(frame["kind"], frame["text"], strict=True))


@pytest.mark.parametrize(
    ("text", "kind", "marked"),
    [
        ("The umpireâ€™s shadow fell on the lawn.", "mojibake", "â€™"),
        ("It cost 5 \ufffd at the gate.", "mojibake", "\ufffd"),
        ("He said “it rains and went home.", "unbalanced_quote", "“"),
        ("It rains.” He went home.", "unbalanced_quote", "”"),
        (
            f"{STORY}\nThe ferry did not sail on that wet Monday.\nNobody knew.\n"
            "The ferry did not sail on that wet Monday.",
            "duplicate",
            "The ferry did not sail on that wet Monday.",
        ),
        (
            "It rained.\nThe ferry did not sail on that wet Monday because the crew could not find",
            "missing_stop",
            "find",
        ),
        ("It rained. announced that it would.", "stray_fragment", "announced that it would."),
        (
            "It rained all day. the crew of the ferry looked for the key until noon.",
            "odd_case",
            "the",
        ),
        (
            "“It rains.” Lee, Isle News reported. The ferry waited.",
            "broken_speaker",
            "Lee, Isle News reported",
        ),
        ("The ferry did not sail . It rained.", "stray_space", " ."),
    ],
)
def test_a_flaw_is_listed_with_its_place(text, kind, marked):
    assert flaws(text) == [(kind, marked)]


@pytest.mark.parametrize(
    "text",
    [
        "The café in Kraków has a naïve façade – and a “terrasse”.",
        "Łódź, Šibenik, Århus and Đà Nẵng are towns. 中文也是。 Ещё один.",
        "The 🇰🇵 flag flew. It cost €5 or £4.",
    ],
)
def test_other_languages_and_symbols_are_no_mojibake(text):
    assert flaws(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "“It rains,” he said, “and it is dark.”",
        "“It rains.\n“It is dark.\n“We wait.”",
        "He is 6'2\" tall and waits.",
        "„Ja“, sagte er.",
        "'It rains,' he said. It was the '90s.",
    ],
)
def test_marks_that_have_their_partner_are_balanced(text):
    assert flaws(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It rained again.\nNobody knew.\nIt rained again.",
        "The ferry did not sail on that wet Monday.\nThe ferry did not sail on that dry Monday.",
    ],
)
def test_short_and_merely_similar_sentences_are_no_duplicates(text):
    assert flaws(text) == []


def test_sentences_repeated_in_a_row_are_one_flaw_whatever_their_marks():
    first = (
        "The ferry's crew did not sail on that wet Monday. The key was lost and nobody had another."
    )
    again = first.replace("'", "’")
    assert flaws(f"{STORY}\n{first}\nNobody knew.\n{again}") == [("duplicate", again)]


@pytest.mark.parametrize(
    "text",
    [
        "It rained.\nThe long wait",
        "It rained.\n- the key that the crew of the ferry had lost on the wet Monday of that week",
        "It rained.\nThe Ferry Which Did Not Sail That Wet Monday Because Its Crew Could Not",
        "It rained.\nThis is what the crew of the ferry had lost on that wet Monday in March:",
        "It rained.\n“The crew of the ferry had lost the key on that wet Monday in the spring”",
        "A standfirst about the ferry that did not sail on that wet Monday in March\nIt rained.",
    ],
)
def test_headings_items_and_standfirsts_need_no_stop(text):
    assert flaws(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "“Why?” she asked. “It rains!” he said.",
        "The iPhone rang. “It is late,” said he.",
        "Lee et al. found it. See fig. two of the report.",
        "Write to us. ann@example.org reads all of it. www.example.org/help has more.",
        "They took coats, boats, etc. and left.",
        "It rained ... then it stopped.",
        "At 5 p.m. the ferry left, i.e. too late.",
        "He came (it rained.) and left.",
        "The items were\nthe key of the ferry that did not sail\nthe coat",
    ],
)
def test_lower_case_after_what_is_no_stop_is_right(text):
    assert flaws(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "“It rains,” Lee, a clerk, said. The ferry waited.",
        "“It rains.” Lee said so. The ferry waited.",
        "It cost . 5 at most ... or so .. they say.",
        "He waited , as one does.".replace(" ,", ","),
    ],
)
def test_speakers_and_stops_in_order_are_left_alone(text):
    assert [flaw for flaw in flaws(text) if flaw[0] != "stray_space" or "5" not in text] == []


def test_mojibake_is_found_in_furniture_too_and_the_rest_only_in_content():
    text = "It rained all day. It poured.\nPhoto: Annâ€™s harbour . office"
    assert flaws(text) == [("mojibake", "â€™")]


def test_what_was_meant_is_suggested_where_it_can_be_told():
    found = damage(Corpus([Document("a", "The umpireâ€™s \ufffd shadow fell.", "a.txt")]))
    assert found.suggestion.tolist() == ["’", pd.NA]
    assert [flaw[3] for flaw in mojibake("Ã©tÃ©", 0, 5)] == ["é", "é"]


def test_flaws_are_in_order_of_text_and_place():
    texts = {"b": "It rains.” the ferry waited . Lee", "a": "It cost 5 \ufffd . So what."}
    frame = damage(Corpus(Document(k, v, k) for k, v in texts.items()))
    assert frame.equals(frame.sort_values(["doc_id", "start", "end", "kind"], ignore_index=True))


# What is found on annotated pages ---------------------------------------------------------------


@pytest.fixture(scope="module")
def counts() -> dict[str, Counter[str]]:
    """By kind: flaws that a reader marked, those found, and false alarms."""
    with (DATA / "dirty_pages.jsonl").open(encoding="utf-8") as file:
        pages = [json.loads(line) for line in file]
    frame = damage(Corpus(Document(p["doc_id"], p["text"], p["doc_id"]) for p in pages))
    count = {name: Counter() for name in ("marked", "found", "false")}
    for page in pages:
        rows = frame.loc[frame.doc_id == page["doc_id"], ["start", "end", "kind"]].values.tolist()
        for flaw in page["damage"]:
            count["marked"][flaw[2]] += 1
            count["found"][flaw[2]] += any(
                same_place(flaw, row) and flaw[2] == row[2] for row in rows
            )
        for row in rows:
            count["false"][row[2]] += not any(same_place(flaw, row) for flaw in page["damage"])
    return count


def same_place(flaw, row):
    return flaw[0] - REACH < row[1] and row[0] < flaw[1] + REACH


@pytest.mark.parametrize(
    ("kind", "recall", "false_at_most"),
    [
        ("mojibake", 0.95, 0),
        ("unbalanced_quote", 0.95, 3),
        ("duplicate", 0.95, 0),
        ("missing_stop", 0.5, 2),
        ("stray_fragment", 0.4, 0),
        ("odd_case", 0.45, 1),
        ("stray_space", 0.0, 1),
        ("broken_speaker", 0.0, 0),
    ],
)
def test_damage_on_annotated_pages(counts, kind, recall, false_at_most):
    assert counts["found"][kind] >= recall * counts["marked"][kind]
    assert counts["false"][kind] <= false_at_most


def test_an_odd_case_suggests_the_word_with_its_capital():
    text = "It rained all day. the crew of the ferry looked for the keys until noon."
    frame = damage(Corpus([Document("a", text, "a.txt")]))
    assert frame[["text", "suggestion"]].values.tolist() == [["the", "The"]]
