"""Which statements of different texts are taken for one utterance, and which for its reversal."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from strategies import texts

from nbhelpers.corpus import Corpus, Document, InputError, load_corpus
from nbhelpers.retelling.grouping import groups
from nbhelpers.retelling.index import Index
from nbhelpers.retelling.likeness import LIKENESSES, learned, likenesses, probability
from nbhelpers.retelling.portions import portion
from nbhelpers.retelling.speakers import NOBODY, Speaker, agreement
from nbhelpers.scratch import Scratch
from nbhelpers.utterances import utterance_groups, utterances, utterances_of

GOLD = Path(__file__).parent.parent / "benchmarks" / "utterances.jsonl"
BY = {"by": "doc_id", "model": "fast"}
HARBOUR = "the harbour of Lundby will be closed to foreign tankers until the end of winter"


def corpus_of(*texts: str) -> Corpus:
    return Corpus(Document(f"d{n}", text, f"d{n}", {"outlet": n}) for n, text in enumerate(texts))


def found(*texts: str) -> pd.DataFrame:
    return utterances(corpus_of(*texts))


def verdict(*texts: str) -> str | None:
    """The verdict on the only pair of two texts; None where there is no pair."""
    frame = found(*texts)
    assert len(frame) <= 1
    return frame["verdict"].item() if len(frame) else None


def test_one_utterance_in_direct_and_indirect_speech():
    frame = found(f"“{HARBOUR.capitalize()},” Ann Lee said.", f"Ann Lee said that {HARBOUR}.")
    row = frame.iloc[0]
    assert (len(frame), row["verdict"], row["speakers"]) == (1, "same", "same")
    assert row["source"] == row["other_source"] == "Ann Lee"
    assert not row["retold"] and not row["damaged"] and pd.isna(row["polarity"])


def test_a_shortened_report():
    fuller = f"“{HARBOUR.capitalize()}, and nobody in the ministry knows how to feed the islands,”"
    assert verdict(f"{fuller} Ann Lee said.", f"Ann Lee said that {HARBOUR}.") == "shortened"


def test_a_translation_in_other_words():
    one = "“Some of these soldiers are already close to Ruritania, and there are concerns that "
    two = "“A portion of those soldiers have already moved closer to Ruritania, and we are worried "
    frame = found(
        one + "Syldavia could use them in combat against Ruritanian forces,” Ann said.",
        two + "that Syldavia intends to use them in combat against Ruritanian forces,” "
        "said spokeswoman Ann Lee.",
    )
    assert frame["verdict"].tolist() == ["reworded"]
    assert frame["shared_names"].item() == "Ruritania; Syldavia; Ruritanian"


def test_different_statements_of_one_speaker_stay_apart():
    assert (
        verdict(
            f"Ann Lee said that {HARBOUR}.",
            "Ann Lee said that the schools of Lundby will get new roofs before the end of summer.",
        )
        is None
    )


def test_numbers_apart_and_shared():
    line = "Ann Lee said that {} workers of the harbour of Lundby lost their posts last winter."
    assert found(line.format("1,200"), line.format("1,200"))["shared_numbers"].item() == "1,200"
    other = found(line.format("1,200"), line.format("3,400"))
    assert other.empty or other["similarity"].item() < 0.95


@pytest.mark.parametrize(
    ("one", "two", "words", "other_words"),
    [
        (
            "Lundby would face no new restrictions on the use of foreign tankers",
            "Lundby would face new restrictions on the use of foreign tankers",
            "no new restrictions",
            "new restrictions",
        ),
        (
            "the ministry will not close the harbour of Lundby to foreign tankers",
            "the ministry will close the harbour of Lundby to foreign tankers",
            "not close the harbour",
            "close the harbour",
        ),
        (
            "the ministry will allow foreign tankers in the harbour of Lundby this winter",
            "the ministry will ban foreign tankers in the harbour of Lundby this winter",
            "allow",
            "ban",
        ),
        (
            "foreign tankers in the harbour of Lundby are lawful under the winter treaty",
            "foreign tankers in the harbour of Lundby are unlawful under the winter treaty",
            "lawful",
            "unlawful",
        ),
    ],
)
def test_a_reversal_is_found_with_its_words(one, two, words, other_words):
    row = found(f"Ann Lee said that {one}.", f"Ann Lee said that {two}.").iloc[0]
    assert row["verdict"] == "polarity_conflict"
    assert (row["polarity"], row["other_polarity"]) == (words, other_words)
    turned = found(f"Ann Lee said that {two}.", f"Ann Lee said that {one}.").iloc[0]
    assert (turned["polarity"], turned["other_polarity"]) == (other_words, words)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (  # denied in both
            "the ministry will not close the harbour of Lundby to foreign tankers",
            "the ministry would not be closing the harbour of Lundby to foreign tankers",
        ),
        (  # no denial
            "the ministry will close not only the harbour of Lundby to foreign tankers",
            "the ministry will close the harbour of Lundby to foreign tankers",
        ),
        (  # denied in other words
            "the ministry will not open the harbour of Lundby to foreign tankers",
            "the ministry refuses to open the harbour of Lundby to foreign tankers",
        ),
        (  # something else is denied
            "the harbour of Lundby stays closed to tankers, and no storm will change that",
            "the harbour of Lundby stays closed to tankers",
        ),
        ("whether the harbour of Lundby is safe for tankers", "the harbour of Lundby is not safe"),
    ],
)
def test_no_reversal(one, two):
    frame = found(f"Ann Lee said that {one}.", f"Ann Lee said that {two}.")
    assert "polarity_conflict" not in set(frame["verdict"])


def test_the_seeds_hold_one_reversal_in_damaged_text():
    frame = utterances(load_corpus(GOLD.parent.parent / "seeds"))
    reversed_ = frame[frame["verdict"] == "polarity_conflict"]
    assert reversed_["polarity"].tolist() == ["no new restrictions"]
    assert reversed_["other_damaged"].tolist() == [True]


def test_people_who_contradict_one_another_are_no_reversal():
    one = "Ann Lee said that the ministry will close the harbour of Lundby to foreign tankers."
    two = "Bob Ray said that the ministry will not close the harbour of Lundby to foreign tankers."
    assert verdict(one, two) != "polarity_conflict"
    denial = "Ann Lee denied that the ministry will close the harbour of Lundby to foreign tankers."
    assert verdict(one, denial) != "polarity_conflict"


def test_damage_behind_a_statement_is_told():
    frame = found(
        f"Ann Lee said that {HARBOUR}. announced that it would not.",
        f"Ann Lee said that {HARBOUR}.",
    )
    assert frame[["damaged", "other_damaged"]].values.tolist() == [[True, False]]


def test_an_author_who_retells_is_told_and_can_be_left_out():
    corpus = corpus_of(f"Ann Lee said that {HARBOUR}.", f"{HARBOUR.capitalize()}.")
    row = utterances(corpus).iloc[0]
    assert row["retold"] and pd.isna(row["other_attribution_id"]) and row["speakers"] == "unknown"
    assert utterances(corpus, retold=False).empty


def test_only_texts_that_differ_in_a_column_are_compared():
    texts = [
        Document(n, f"Ann Lee said that {HARBOUR}.", n, {"outlet": n[0]}) for n in ("a1", "a2")
    ]
    assert utterances(Corpus(texts), by="outlet").empty
    assert len(utterances(Corpus(texts))) == 1


def test_what_every_page_says_is_a_formula():
    corpus = corpus_of(*[f"Ann Lee said that {HARBOUR}."] * 5)
    assert len(utterances(corpus)) == 10
    assert utterances(corpus, formula_above=4).empty


def test_groups_have_all_reports_and_tell_reversals():
    denied = HARBOUR.replace("will be", "will not be")
    frame = utterance_groups(
        corpus_of(*(f"Ann Lee said that {c}." for c in (HARBOUR, HARBOUR, denied)))
    )
    assert frame[["n_documents", "n_statements", "has_conflict"]].values.tolist() == [[3, 3, True]]


def test_a_chain_does_not_glue_groups():
    clique = [(0, 1), (0, 2), (1, 2)]
    other = [(3, 4), (3, 5), (4, 5)]
    together = groups([*clique, *other, (2, 3)], [0.9] * 6 + [0.99])
    assert len(set(together.values())) > 1
    assert groups(clique, [0.9, 0.6, 0.8]) == {0: 0, 1: 0, 2: 0}


def test_speakers():
    def named(name, **more):
        given = {"carriers": frozenset(), "affiliation": None, "is_open": False} | more
        return Speaker(name.lower(), name, **given)

    singh = named("Sabrina Singh", affiliation="Pentagon")
    assert agreement(singh, named("Sabrina")) == "compatible"
    assert agreement(singh, named("Pentagon")) == "institution"
    assert agreement(singh, named("Reuters", carriers=frozenset({"sabrina singh"}))) == "carrier"
    assert agreement(singh, named("Ann Lee")) == "different"
    assert agreement(singh, NOBODY) == "unknown"


def test_bad_options_are_told():
    with pytest.raises(InputError, match="least lies between"):
        utterances(corpus_of("a"), least=0)
    with pytest.raises(InputError, match="No document has the metadata"):
        utterances(corpus_of("a"), by="colour")


def test_nothing_to_compare_gives_empty_frames_of_the_same_types():
    empty, full = found("", "x"), found(*[f"Ann Lee said that {HARBOUR}."] * 2)
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert utterance_groups(corpus_of("", "x")).empty


@settings(deadline=None, max_examples=40)
@given(texts, texts)
def test_offsets_lead_to_the_words(one, two):
    said = f"\n\nAnn Lee said that {HARBOUR}."
    corpus = corpus_of(one + said, two + said, one + two)
    for row in utterances(corpus, least=0.01).itertuples():
        for doc_id, start, end, content in (
            (row.doc_id, row.start, row.end, row.content),
            (row.other_doc_id, row.other_start, row.other_end, row.other_content),
        ):
            first, last = content.split(" … ")[0], content.split(" … ")[-1]
            text = corpus.text(doc_id)[start:end]
            assert text.startswith(first) and text.endswith(last)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "not " * 20_000,
        "Ann said " * 10_000,
        "9" * 5_000,
        "“" * 5_000,
        "no new restrictions " * 5_000,
    ],
)
def test_hostile_texts_are_harmless(text):
    found(text, text, f"Ann Lee said that {HARBOUR}.")


def test_the_weights_are_those_of_the_likenesses():
    assert set(learned()) == {*LIKENESSES, "constant"}


def test_annotated_pairs_hold_places_alone():
    rows = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    keys = {"set", "origin", "doc_id", "spans", "other_doc_id", "other_spans", "label"}
    assert all(set(row) == keys and row["label"] in ("same", "different") for row in rows)


def reporters(number: int) -> list[Document]:
    """Texts that report in turn what four ministers said; some say more, some deny it."""
    lines = [
        f"“{HARBOUR.capitalize()},” Ann Lee said.",
        f"Ann Lee said that {HARBOUR}, and that nobody in the ministry knows the islands’ stocks.",
        "Bob Hay told reporters that 1,200 soldiers had left the northern barracks on Monday.",
        "“Some 1,200 soldiers have left the northern barracks,” Bob Hay told reporters.",
        "The schools of Lundby will not get new roofs before the end of summer, Eva Berg said.",
        "Eva Berg said that the schools of Lundby will get new roofs before the end of summer.",
    ]
    picked = [" ".join(lines[(n + step) % 6] for step in (0, 2, 3)) for n in range(number)]
    return [Document(f"d{n:02}", text, f"d{n}") for n, text in enumerate(picked)]


def test_parts_in_any_order_and_on_disk_have_the_rows_of_the_whole(tmp_path):
    texts = reporters(12)
    whole = utterances(Corpus(texts))
    assert {"same", "shortened"} <= set(whole["verdict"])
    parts = [Corpus(texts[first::5]) for first in (3, 0, 4, 2, 1)]
    found = pd.concat(utterances_of(parts, scratch=tmp_path / "scratch"), ignore_index=True)
    pd.testing.assert_frame_equal(found, whole)


def test_words_that_are_none_make_no_comparison_long():
    """A comparison of strings takes the product of their lengths."""
    found = portion(
        corpus_of(f"“Grain reserves of {'x' * 100_000} will last,” Ann Lee said."), **BY
    )
    [form] = found.forms
    assert form.startswith("grain reserves of xxx") and len(form) < 200


@pytest.mark.slow
def test_statements_have_the_same_numbers_in_every_process():
    """What several processes have read of the parts is put together."""
    script = """
import json
from nbhelpers.corpus import Corpus, Document
from nbhelpers.retelling.portions import portion
line = "Ann Lee said that “1,200 soldiers had left the northern barracks” on Monday."
found = portion(Corpus([Document("a", line, "a")]), by="doc_id", model="fast")
print(json.dumps([found.records.tolist(), found.codes.tolist(), found.terms, found.forms]))
"""
    command = [sys.executable, "-c", script]
    one, two = (
        subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "12"
    )
    assert one == two
    assert len(json.loads(one)[0]) == 1


def test_what_is_ruled_out_early_is_improbable():
    index = Index(Scratch(), formula_above=20)
    index.add(portion(Corpus(reporters(12)), **BY))
    pairs = np.array([(a, b) for b in range(len(index)) for a in range(b)])
    every = probability(likenesses(index, pairs))
    hasty = probability(likenesses(index, pairs, least=0.5))
    assert 0 < (every >= 0.5).sum() < len(pairs) / 2
    assert np.array_equal(hasty[every >= 0.5], every[every >= 0.5])
    assert (hasty[every < 0.5] < 0.5).all() and (hasty >= every - 1e-12).all()


def test_the_index_is_freed_as_soon_as_the_rows_are_there(monkeypatch):
    """A large corpus has hundreds of megabytes in it, which the next step needs."""
    made = []

    class Watched(Index):
        def __init__(self, *options, **more):
            super().__init__(*options, **more)
            made.append(weakref.ref(self))

    monkeypatch.setattr("nbhelpers.utterances.Index", Watched)
    gc.disable()
    try:
        line = f"“{HARBOUR.capitalize()},” Ann Lee said."
        assert len(pd.concat(utterances_of([corpus_of(line, line)]))) == 1
        assert made[0]() is None
    finally:
        gc.enable()
