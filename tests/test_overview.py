"""The tables of documents, sizes and figures."""

import importlib

import pandas as pd
import pytest

from nbhelpers.corpus import Corpus, Document
from nbhelpers.overview.cautions import cautions
from nbhelpers.overview.documents import documents, summary
from nbhelpers.overview.numbers import numbers
from nbhelpers.words import words

NEWS = "The ministry said on Monday that the troops had left the region near the border. " * 3


def corpus_of(*texts: str, **metadata: object) -> Corpus:
    return Corpus(Document(f"d{i}", text, f"d{i}.txt", metadata) for i, text in enumerate(texts))


@pytest.fixture
def labelled(monkeypatch):
    """Label whole lines by the word they begin with, so that tests choose what is furniture."""

    def label(corpus: Corpus) -> pd.DataFrame:
        rows = []
        for document in corpus:
            start = 0
            for line in document.text.splitlines(keepends=True):
                kind = next(
                    (k for k in ("title", "dateline", "promo") if line.startswith(k)), "body"
                )
                end = start + len(line.rstrip("\n"))
                content = kind in ("title", "body")
                rows.append((document.doc_id, start, end, kind, content, document.text[start:end]))
                start += len(line)
        columns = ["doc_id", "start", "end", "kind", "is_content", "text"]
        return pd.DataFrame(rows, columns=columns)

    for name in ("nbhelpers.overview.documents", "nbhelpers.words"):
        module = importlib.import_module(name)  # the package's attribute is the function
        monkeypatch.setattr(module, "segments", label)
        monkeypatch.setattr(module, "sentences", label)


def test_documents_has_the_columns_of_the_contract():
    assert documents(corpus_of(NEWS)).columns.tolist() == [
        *("doc_id", "file", "title", "outlet", "published", "published_basis", "language"),
        *("genre", "n_words", "n_words_content", "sha256"),
    ]


def test_words_are_counted_with_and_without_furniture(labelled):
    corpus = corpus_of("title of it\nOne two three.\npromo like share\n")
    row = documents(corpus).iloc[0]
    assert (row["n_words"], row["n_words_content"], row["title"]) == (9, 6, "title of it")
    assert words(corpus)["is_content"].sum() == 6


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("dateline KYIV, October 28, 2024 (Reuters)", "2024-10-28"),
        ("dateline Kyiv, 3 Sept. 2024", "2024-09-03"),
        ("dateline 2024-02-29", "2024-02-29"),
        ("dateline 31 February 2024", None),
        ("dateline 10/11/2024", None),
        ("dateline October 28", None),
        ("It began on October 28, 2024.", None),
    ],
)
def test_a_dateline_dates_a_text_only_in_full(labelled, line, date):
    row = documents(corpus_of(line)).iloc[0]
    expected = pd.NaT if date is None else pd.Timestamp(date)
    assert row["published"] is expected if date is None else row["published"] == expected
    assert pd.isna(row["published_basis"]) if date is None else row["published_basis"] == "in_text"


def test_metadata_goes_before_what_the_text_says(labelled):
    corpus = corpus_of("title x\ndateline 3 May 2024\n", published="2024-05-01", title="Given")
    row = documents(corpus).iloc[0]
    assert (row["title"], row["published_basis"]) == ("Given", "metadata")
    assert row["published"] == pd.Timestamp("2024-05-01")


def test_language_is_guessed_where_there_is_enough_to_go_on():
    german = "Die Regierung hat am Montag mitgeteilt, dass die Truppen die Region verlassen. " * 3
    found = documents(corpus_of(NEWS, german, "The war."))["language"]
    assert found[:2].tolist() == ["en", "de"] and pd.isna(found[2])


def test_summary_by_document_by_metadata_and_in_all(labelled):
    corpus = Corpus(
        [
            Document("a", "He said “yes we can” twice.\npromo like\n", "a", {"outlet": "X"}),
            Document("b", "One two.\nThree four five.\n", "b", {"outlet": "X"}),
        ]
    )
    found = summary(corpus)
    assert found["words"].tolist() == [6, 5] and found["words_raw"].tolist() == [8, 5]
    assert found["quoted_share"].tolist() == [0.5, 0]
    assert found["quoted_share_raw"].tolist() == [3 / 8, 0]
    assert found["paragraphs"].tolist() == [1, 2]
    assert found["small"].all()
    for whole in (summary(corpus, by=None), summary(corpus, by="outlet")):
        row = whole.iloc[0]
        assert row[["documents", "words", "sentences"]].tolist() == [2, 11, 3]
        assert row["sentence_length"] == pytest.approx(11 / 3)
        assert row["quoted_share"] == pytest.approx(3 / 11)


def test_an_unclosed_quotation_is_not_counted_as_quoted():
    assert summary(corpus_of("He said “we will never stop.\nShe left."))["quoted_share"][0] == 0


def test_shares_of_nothing_are_missing():
    row = summary(corpus_of("")).iloc[0]
    assert row["words"] == 0 and pd.isna(row["quoted_share"]) and pd.isna(row["sentence_length"])


def test_numbers_slice_back_and_tell_in_how_many_documents_they_stand():
    corpus = corpus_of("Some 11,000 men and 3 ships.", "The 11,000 stayed. No 11,000 left.")
    found = numbers(corpus)
    assert found["number"].tolist() == ["11,000", "3", "11,000", "11,000"]
    assert found["documents"].tolist() == [2, 1, 2, 2]
    for row in found.itertuples():
        assert corpus.text(row.doc_id)[row.start : row.end] == row.number
        assert row.number in row.sentence


@pytest.mark.parametrize("table", [documents, summary, numbers])
def test_an_empty_corpus_gives_an_empty_frame(table):
    assert table(Corpus([])).empty


@pytest.mark.parametrize(
    ("sentence", "dates"),
    [
        ("They left on 28 October with 28 trucks.", [True, False]),
        ("It is due on October 27 or 28, and 3 may follow.", [True, True, False]),
        ("Between 3 and 5 May they lost 7 ships.", [True, True, False]),
        ("Since 2023 some 2023 shells were fired.", [True, False]),
        ("In 2000 soldiers signed up; 1999 others did not.", [False, False]),
        ("From 01/06/2017 to 2017-06-30 the 10.5 and 1.200 held.", [True, True, False, False]),
        ("About 10,000 soldiers, 3,000 of them officers.", [False, False]),
    ],
)
def test_dates_are_told_from_other_figures(sentence, dates):
    assert numbers(corpus_of(sentence))["is_date"].tolist() == dates


def test_a_text_is_called_dependent_only_for_what_it_shares_with_others():
    def dependent(*texts):
        found = cautions(corpus_of(*texts))
        return found.loc[found["reason"].str.startswith("shares"), "doc_id"].tolist()

    line = "The reserves of grain that the ministry keeps will last until spring, officials say."
    own = " ".join(f"The {n}th of their silos was filled in a wet July." for n in range(60))
    assert dependent(f"{own} {line}", line) == ["d1"]
    assert dependent(f"{line}\n\n{line}", "Rain fell.") == []
