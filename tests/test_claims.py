"""Claims: the quantities of a corpus with claimant, carrier and date."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from strategies import texts

from nbhelpers.claims import claims
from nbhelpers.corpus import Corpus, Document, load_corpus
from nbhelpers.export import TABLES


def corpus_of(text: str, **metadata: object) -> Corpus:
    return Corpus([Document("a", text, "a.txt", metadata)])


@pytest.fixture(scope="module")
def seeds() -> pd.DataFrame:
    corpus = load_corpus("seeds")
    found = claims(corpus)
    assert [corpus.text(d)[a:b] for d, a, b in found[["doc_id", "start", "end"]].values] == list(
        found["text"]
    )
    return found


def of(found: pd.DataFrame, doc_id: str, column: str, *values: object) -> list[list[object]]:
    rows = found[found["doc_id"].str.startswith(doc_id)]
    return rows.loc[rows[column].isin(values), ["counted", "claimant", "status"]].values.tolist()


def test_soldiers_and_containers_are_kept_apart(seeds):
    assert of(seeds, "000", "low", 11000) == [
        ["North Korean soldiers", "Ukrainian intelligence", "training"],
        ["containers of ammunition", "author", "delivered"],
    ]


def test_what_a_carrier_passes_on_is_its_sources(seeds):
    rows = seeds[seeds["doc_id"].str.startswith("003") & seeds["low"].isin([3000, 7000])]
    assert rows["claimant"].tolist() == ["South Korean lawmakers"] * 2 + ["John Kirby"]
    assert rows["carrier"].tolist() == ["NBC News"] * 2 + ["CNN"]
    assert rows["is_change"].tolist() == [False, True, False]


def test_a_number_that_updates_another_is_the_same_claimants(seeds):
    rows = seeds[seeds["doc_id"].str.startswith("002") & seeds["low"].isin([10000, 3000])]
    assert rows["claimant"].tolist() == ["Pentagon", "Pentagon"]
    assert rows["claim_date_basis"].fillna("none").tolist() == ["none", "unresolved"]


def test_embedded_posts_are_searched_unless_only_content_is_wanted(seeds):
    assert of(seeds, "002", "low", 600000)
    assert not of(claims(load_corpus("seeds"), content_only=True), "002", "low", 600000)


def test_page_furniture_claims_nothing(seeds):
    last = seeds[seeds["doc_id"].str.startswith("000")].iloc[-1]
    assert last["text"] == "approximately two million artillery rounds"  # not the visit counter


def test_how_a_claimant_vouches_and_when():
    text = "The ministry confirmed on Monday that 3,000 troops left. Some 500 men stayed."
    first, second = claims(corpus_of(text, published=dt.date(2024, 10, 30))).to_dict("records")
    assert (first["cue_class"], first["claim_date"]) == ("confirms", "2024-10-28")
    assert first["claim_date_basis"] == "metadata"
    assert (second["source_id"], second["claimant"]) == ("author", "author")
    assert pd.isna(second["attribution_id"]) and pd.isna(second["claim_date"])


def test_the_date_as_of_which_goes_before_the_day_of_speech():
    text = "The ministry said on Monday that 3,000 troops were there as of 3 May 2022."
    assert claims(corpus_of(text))["claim_date"].tolist() == ["2022-05-03"]


def test_sure_attributions_alone_if_wanted():
    text = "Seoul said that another 7,000 soldiers were sent to Russia."
    assert claims(corpus_of(text))["claimant"].tolist() == ["South Korea"]
    assert claims(corpus_of(text), min_confidence=1.0)["claimant"].tolist() == ["author"]


def test_nothing_claimed_has_the_same_columns():
    empty, some = claims(corpus_of("It rained.")), claims(corpus_of("It sent 300 men."))
    assert empty.empty
    assert empty.dtypes.astype(str).tolist() == some.dtypes.astype(str).tolist()


def test_it_is_among_the_tables_of_a_report():
    assert TABLES["claims"].compute is claims


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(texts)
def test_any_text_is_read(text):
    corpus = corpus_of(f"{text} 10,000 men {text}")
    found = claims(corpus)
    assert found["number_start"].is_monotonic_increasing
    assert found["claim_id"].is_unique
    places = found[["start", "end"]].values
    assert [corpus.text("a")[a:b] for a, b in places] == found["text"].tolist()
