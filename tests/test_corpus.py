"""Loading: what goes in comes out unchanged, and what cannot be read is named."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nbhelpers.corpus import (
    Corpus,
    Document,
    InputError,
    Problem,
    load_corpus,
    stream_documents,
    table,
)
from nbhelpers.loading import files, tables
from nbhelpers.loading.decoding import decode

SEEDS = Path(__file__).parent.parent / "seeds"
HOSTILE = '=HYPERLINK("http://x") <script>alert(1)</script> {{ 7*7 }} `rm` $x$ ../../etc'

# Anything but what is documented to be refused or dropped: blank, NUL, a leading byte order mark.
texts = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
    .filter(lambda text: not text.isspace())
    .filter(lambda text: not text.startswith("\ufeff"))
)


def _csv(text: str, delimiter: str = ",") -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "text"], ["a", text], ["b", "second"]])
    return stream.getvalue().encode()


def _jsonl(text: str) -> bytes:
    return b"".join(
        json.dumps({"id": i, "text": t}, ensure_ascii=ascii_).encode() + b"\n"
        for i, t, ascii_ in [("a", text, False), ("b", text, True)]
    )


def _parquet(text: str) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({"id": ["a", "b"], "text": [text, "second"]}), stream)
    return stream.getvalue()


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _write(folder: Path, contents: dict[str, bytes]) -> Path:
    for name, data in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def _problem(path: Path, **options: str) -> Problem:
    """The one problem of a corpus in which at least one text is fine."""
    (problem,) = [p for p in stream_documents(path, **options) if isinstance(p, Problem)]
    assert problem.file and problem.problem and problem.remedy
    assert str(problem).endswith(".")
    return problem


WRITERS: dict[str, Callable[[str], bytes]] = {
    "a.txt": lambda text: text.encode(),
    "a.md": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "utf16.txt": lambda text: text.encode("utf-16"),
    "utf16be.txt": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf32.txt": lambda text: text.encode("utf-32"),
    "a.txt.gz": lambda text: gzip.compress(text.encode()),
    "a.csv": _csv,
    "utf16.csv": lambda text: _csv(text).decode().encode("utf-16"),
    "a.tsv": lambda text: _csv(text, "\t"),
    "a.csv.gz": lambda text: gzip.compress(_csv(text)),
    "a.jsonl": _jsonl,
    "a.jsonl.gz": lambda text: gzip.compress(_jsonl(text)),
    "a.parquet": _parquet,
    "a.parquet.gz": lambda text: gzip.compress(_parquet(text)),
    "txt.zip": lambda text: _zip({"a.txt": text.encode()}),
    "csv.zip": lambda text: _zip({"in/a.csv": _csv(text)}),
    "parquet.zip": lambda text: _zip({"a.parquet": _parquet(text)}),
    "gz.zip": lambda text: _zip({"a.txt.gz": gzip.compress(text.encode())}),
}


@pytest.mark.parametrize("name", WRITERS)
@given(text=texts)
@example("one\r\ntwo\rthree\n\nfour\x85five\u2028six\x0b\x0c")
@example('"quoted", “quoted” and ""')
@example("a\ufeffb 😀 \ud7ff \ufffd é e\u0301")
@example(HOSTILE)
@settings(max_examples=25, deadline=None)
def test_any_text_comes_back_unchanged(name: str, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(WRITERS[name](text))
        corpus = load_corpus(path)
        assert corpus.text(corpus.doc_ids[0]) == text
        assert corpus.problems.empty


def test_seeds_are_read_byte_for_byte_with_their_metadata() -> None:
    corpus = load_corpus(SEEDS)
    assert [document.file for document in corpus] == sorted(p.name for p in SEEDS.glob("*.txt"))
    for document in corpus:
        assert document.text.encode() == (SEEDS / document.file).read_bytes()
    published = corpus.metadata.set_index("doc_id")["published"].dropna()
    assert published.to_dict() == {"003_57623772aa3dea69": pd.Timestamp("2024-10-23")}
    assert corpus.problems.empty


def test_a_zipped_folder_is_the_same_corpus(tmp_path: Path) -> None:
    members = {f"seeds/{path.name}": path.read_bytes() for path in SEEDS.iterdir()}
    (tmp_path / "x.zip").write_bytes(_zip(members | {"__MACOSX/seeds/._000.txt": b"\0\1"}))
    pd.testing.assert_frame_equal(
        load_corpus(tmp_path / "x.zip").metadata, load_corpus(SEEDS).metadata
    )


def test_order_and_ids_of_a_folder(tmp_path: Path) -> None:
    contents = {
        "b.txt": b"b", "a/z.md": b"z", "a.txt": b"a", "c.txt": b"c", "c.md": b"also c",
        "e\u0301.txt": b"nfc", "v1.2.TXT.gz": gzip.compress(b"v"),
        "old.zip": _zip({"x/y.txt": b"y"}), "t.csv": b"text\none\ntwo\n",
        ".hidden.txt": b"no", ".git/x.txt": b"no", "README.md": b"no", "Readme": b"no",
    }  # fmt: skip
    corpus = load_corpus(_write(tmp_path, contents))
    assert corpus.doc_ids == [
        "a", "a/z", "b", "c.md", "c.txt", "old/x/y", "t#000001", "t#000002", "v1.2", "é",
    ]  # fmt: skip
    assert corpus["old/x/y"].file == "old.zip/x/y.txt"
    assert corpus.problems.empty


def test_ids_of_tables(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "x", "id": 7}\n\n{"text": "y"}\n')
    corpus = load_corpus(tmp_path)
    assert corpus.doc_ids == ["7", "a#000003"]
    assert corpus["a#000003"].notes == ()
    (tmp_path / "a.jsonl").rename(tmp_path / "b.jsonl")
    (tmp_path / "c.csv").write_text("id,text\n,blank id\n7,again\n")
    corpus = load_corpus(tmp_path)
    assert corpus.doc_ids == ["7", "b#000003", "c#000001"]
    assert corpus["c#000001"].notes == ("its cell in column 'id' is blank",)
    (problem,) = corpus.problems.to_dict("records")
    assert problem["place"] == "row 2 (line 3)" and "b.jsonl, line 1" in problem["problem"]


def test_columns_by_option_and_by_name(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_text("nr,Headline,source,date,words,pages\n3,Troops ,DW,2017/2/7,=1+1,\n")
    (document,) = load_corpus(path, text_column="words", id_column="nr")
    assert document.doc_id == "3" and document.text == "=1+1"
    assert document.metadata == {
        "title": "Troops",
        "outlet": "DW",
        "published": dt.date(2017, 2, 7),
    }
    with pytest.raises(InputError, match=r"news\.csv.*nr, Headline, source, date, words, pages"):
        load_corpus(path)
    with pytest.raises(InputError, match="no column 'wordz'"):
        load_corpus(path, text_column="wordz")
    path.write_text("id,article_id,text\n1,2,x\n")
    with pytest.raises(InputError, match=r"id, article_id; name it \(id_column="):
        load_corpus(path)


def test_metadata_table_is_joined_by_id_and_by_file(tmp_path: Path) -> None:
    _write(tmp_path, {"a.txt": b"a", "b/c.txt": b"c", "d.txt": b"d", "t.csv": b"text\nx\ny\n"})
    (tmp_path / "corpus.csv").write_text(
        "doc_id,file,outlet,published,\na,,DW,2024-10-28T10:00:00Z,\n,b\\c.txt,RT,28 Oct,\n"
        ",t.csv,Reuters,,\nzz,,,,\na,,twice,,\n"
    )
    corpus = load_corpus(tmp_path)
    outlets = corpus.metadata.set_index("doc_id")["outlet"]
    assert outlets.dropna().to_dict() == {
        "a": "DW", "b/c": "RT", "t#000001": "Reuters", "t#000002": "Reuters",
    }  # fmt: skip
    assert corpus["d"].notes == ("it has no row in corpus.csv",)
    assert corpus.metadata["published"].tolist()[0] == pd.Timestamp("2024-10-28")
    assert not corpus.problems["lost"].any()
    assert [row.place.partition(" (")[0] for row in corpus.problems.itertuples()] == [
        "row 2", "row 5", "row 4",
    ]  # fmt: skip


def test_metadata_named_by_the_user(tmp_path: Path) -> None:
    _write(tmp_path, {"a.txt": b"a", "about.tsv": b"doc_id\toutlet\na\tDW\n"})
    corpus = load_corpus(tmp_path, metadata=tmp_path / "about.tsv")
    assert corpus.doc_ids == ["a"] and corpus["a"].metadata == {"outlet": "DW"}
    with pytest.raises(InputError, match=r"nowhere\.csv: there is no such file"):
        load_corpus(tmp_path, metadata=tmp_path / "nowhere.csv")
    (tmp_path / "about.tsv").write_bytes(b"outlet\nDW\n")
    with pytest.raises(InputError, match="neither a column doc_id nor a column file"):
        load_corpus(tmp_path, metadata=tmp_path / "about.tsv")
    (tmp_path / "about.tsv").rename(tmp_path / "corpus.csv")
    assert "neither a column" in _problem(tmp_path).problem


ENGLISH = "He said “yes”, and then it’s over – a café in Zürich. " * 3


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (ENGLISH, "cp1252"),
        ("caf\xe9 au lait", "latin-1"),
        ("Министерство обороны сообщило о переброске войск в Курскую область.", "cp1251"),
        ("今天朝鲜军队抵达俄罗斯，美国表示关切。" * 3, "gb18030"),
    ],
)
def test_other_encodings_are_guessed_with_a_note(text: str, codec: str) -> None:
    decoded, notes = decode(text.encode(codec))
    assert decoded == text
    assert notes[0].startswith("the text is not UTF-8; its encoding was guessed: ")


def test_an_encoding_that_shows_late_is_found(tmp_path: Path) -> None:
    rows = "".join(f"{number},plain words\n" for number in range(200_000))
    (tmp_path / "a.csv").write_bytes(f'id,text\n{rows}x,"{ENGLISH}"\n'.encode("cp1252"))
    *_, last = load_corpus(tmp_path)
    assert "it’s" in last.text and last.notes
    assert not load_corpus(tmp_path)["7"].notes


def test_one_bad_byte_does_not_spoil_a_utf8_text() -> None:
    text, notes = decode("“He said” it’s".encode() + b"\xe2\x80")
    assert text == "“He said” it’s\ufffd"
    assert notes == ("what could not be decoded stands as U+FFFD",)


def test_half_an_escaped_pair_is_replaced_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "x\\ud83dy \\ud83d\\ude00"}\n')
    (document,) = load_corpus(tmp_path)
    assert document.text == "x\ufffdy 😀"
    assert document.notes == ("what could not be decoded stands as U+FFFD",)


BAD_FILES = {
    "blank.txt": (b" \n\t", "blank"),
    "empty.txt": (b"", "blank"),
    "nul.txt": (b"one \0 nul in a longer text", "NUL"),
    "image.txt": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "binary|NUL"),
    "no_nul.txt": (bytes(range(1, 256)) * 4, "binary"),
    "utf16_no_bom.txt": ("no mark".encode("utf-16-le"), "byte order mark"),
    "picture.png": (b"x", "files that end in .png"),
    "NOENDING": (b"x", "no ending"),
    "cut.txt.gz": (gzip.compress(os.urandom(5000).hex().encode())[:-900], "breaks off"),
    "no.txt.gz": (b"no gzip", "damaged"),
    "no.zip": (b"no zip", "no zip archive"),
    "no.parquet": (b"PAR1 nothing", "no parquet"),
    "cut.parquet": (_parquet("x" * 999)[:-30], "no parquet"),
    "no.csv": (b"", "no rows"),
    "header.csv": (b"id,text\n", "no rows"),
    "columns.csv": (b"id,words\n1,x\n", "its columns are id, words"),
    "twice.csv": (b"text,text\n1,x\n", "two columns"),
    "no.jsonl": (b'{"text": 5}', "holds no text"),
    "list.jsonl": (b"[1]", "no JSON object"),
    "deep.jsonl": (b"[" * 100_000, "not valid JSON"),
    "other.jsonl": (b'{"words": "x"}', "its columns are words"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_named_and_the_rest_goes_on(name: str, tmp_path: Path) -> None:
    data, reason = BAD_FILES[name]
    pattern = re.compile(reason)
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=reason):
        load_corpus(tmp_path)
    (tmp_path / "z_good.txt").write_text("Good.")
    problem = _problem(tmp_path)
    assert problem.file == name and problem.lost
    assert pattern.search(problem.problem)
    assert load_corpus(tmp_path).doc_ids == ["z_good"]


JSON_ROWS = b'{"id":1,"text":"one"}\n%s\n{"id":3,"text":"three"}\n'
BAD_ROWS = {
    "blank cell": ("a.csv", b"id,text\n1,one\n2, \n3,three\n", "row 2 (line 3)"),
    "open quote": ("a.csv", b'id,text\n1,one\n2,"open\n3,"closed"\n3,three\n', None),
    "open to the end": ("a.csv", b'id,text\n1,one\n3,three\n2,"a\nx\n', "row 3 (lines 4 to 5)"),
    "width": ("a.csv", b"id,text\n1,one\n2,x,y\n3,three\n", "row 2 (line 3)"),
    "nul cell": ("a.csv", b"id,text\n1,one\n2,x\0y\n3,three\n", "row 2 (line 3)"),
    "bad line": ("a.jsonl", JSON_ROWS % b'{"id":2', "line 2"),
    "nul": ("a.jsonl", JSON_ROWS % b'{"text":"\\u0000"}', "line 2"),
    "two of one id": ("a.csv", b"id,text\n1,one\n1,again\n3,three\n", "row 2 (line 3)"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_named_and_the_rest_goes_on(case: str, tmp_path: Path) -> None:
    name, data, place = BAD_ROWS[case]
    (tmp_path / name).write_bytes(data)
    assert [document.text for document in load_corpus(tmp_path)] == ["one", "three"]
    assert _problem(tmp_path).place == (place or "row 2 (lines 3 to 4)")


def test_rows_before_the_break_of_a_packed_table_are_kept(tmp_path: Path) -> None:
    rows = b"".join(b"%d,%s\n" % (i, os.urandom(500).hex().encode()) for i in range(2000))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"id,text\n" + rows)[:-400_000])
    corpus = load_corpus(tmp_path)
    assert 500 < len(corpus) < 2000
    assert corpus.problems["problem"].tolist() == ["the packed file breaks off before its end"]


def test_semicolons_and_unnamed_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf;text;title\n0;one, two;A\n")
    (document,) = load_corpus(tmp_path)
    assert document.text == "one, two" and document.metadata == {"title": "A"}


def test_unusable_input_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file or folder; check the path"):
        load_corpus(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"no text can be read; put \.txt"):
        load_corpus(tmp_path)
    with pytest.raises(InputError, match="Two documents have the id 'a'"):
        Corpus([Document("a", "x", "a.txt"), Document("a", "y", "a.md")])


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ("../out.txt", "leads out"),
        ("/etc/passwd.txt", "leads out"),
        ("C:/x.txt", "leads out"),
        ("..\\..\\x.txt", "leads out"),
        ("a/../../x.txt", "leads out"),
        ("inner.zip", "archive inside an archive"),
    ],
)
def test_zip_escapes_are_refused(member: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(_zip({"good.txt": b"Good.", member: b"bad"}))
    assert reason in _problem(tmp_path / "a.zip").problem
    assert load_corpus(tmp_path / "a.zip").doc_ids == ["good"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip"]


def test_zip_links_and_passwords_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("good.txt", "Good.")
        archive.writestr(link, "/etc/passwd")
    assert "it is a link" in _problem(tmp_path / "a.zip").problem
    data = bytearray(_zip({"bad.txt": b"x", "good.txt": b"Good."}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert "password" in _problem(tmp_path / "a.zip").problem


def test_bombs_are_refused(tmp_path: Path) -> None:
    zeros = b"a" * 12_000_000
    bomb = _zip({"a.txt": zeros, "good.txt": b"Good."})
    (tmp_path / "a.zip").write_bytes(bomb)
    with pytest.raises(InputError, match="say they unpack to"):
        load_corpus(tmp_path / "a.zip")
    padding = os.urandom(200_000).hex().encode()
    (tmp_path / "a.zip").write_bytes(_zip({"a.txt": zeros, "good.txt": padding}))
    assert "more than 200 times" in _problem(tmp_path / "a.zip").problem
    (tmp_path / "a.zip").unlink()
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"text\n" + b"a b\n" * 30_000_000, 9))
    (tmp_path / "good.txt").write_text("Good.")
    assert "more than 200 times" in _problem(tmp_path).problem


def test_a_text_beyond_the_limit_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "DOCUMENT_LIMIT", 1000)
    long, lines = "x" * 200_000, "y\n" * 5000
    (tmp_path / "a.jsonl").write_text(f'{{"text":"{long}"}}\n{{"text":"short"}}\n')
    (tmp_path / "b.csv").write_text(f'id,text\n1,{long}\n2,short\n3,"{lines}"\n4,lost\n')
    corpus = load_corpus(tmp_path)
    assert corpus.doc_ids == ["2", "a#000002"]
    in_json, on_a_line, on_lines = corpus.problems["problem"]
    assert "longer than one text may be" in in_json == on_a_line
    assert "the rest of the table was not read" in on_lines


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders")
def test_links_pipes_and_closed_doors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "good.txt").write_text("Good.")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "locked").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    corpus = load_corpus(tmp_path)
    assert corpus.doc_ids == ["good"]
    problems = dict(zip(corpus.problems["file"], corpus.problems["problem"], strict=True))
    assert sorted(problems) == ["gone.txt", "locked", "loop", "pipe.txt", "self.txt"]
    assert "permission denied" in problems["locked"]
    assert "link to a folder" in problems["loop"]
    assert "ordinary file" in problems["pipe.txt"]


def test_a_file_that_vanishes_is_a_problem(tmp_path: Path) -> None:
    _write(tmp_path, {"a.txt": b"a", "b.txt": b"b"})
    stream = stream_documents(tmp_path)
    assert next(stream) == Document("a", "a", "a.txt")
    (tmp_path / "b.txt").unlink()
    problem = next(stream)
    assert isinstance(problem, Problem) and problem.file == "b.txt"
    assert "no such file" in problem.problem


def test_web_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story = "North Korean troops have been sent to Russia, the ministry said on Monday. " * 5
    (tmp_path / "good.txt").write_text("Good.")
    (tmp_path / "a.html").write_text(
        f"<html><head><title>Troops</title></head><body><nav>Home</nav><article><h1>Troops</h1>"
        f"<p>{story}</p><p>{story[::-1]}</p></article></body></html>"
    )
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "trafilatura", None)
        assert "pip install trafilatura" in _problem(tmp_path).remedy
    pytest.importorskip("trafilatura")
    page = load_corpus(tmp_path)["a"]
    assert "the ministry said on Monday" in page.text and "<p>" not in page.text
    assert page.metadata == {"title": "Troops"}


def test_frames_of_a_corpus(tmp_path: Path) -> None:
    _write(tmp_path, {"a.jsonl": b'{"text":"x","title":"T","n":1,"tags":["a"]}\n{"text":"y"}\n'})
    frame = load_corpus(tmp_path).metadata
    assert list(frame.columns) == [
        "doc_id", "file", "sha256", "title", "outlet", "published", "genre", "note", "n", "tags",
    ]  # fmt: skip
    assert frame.loc[0, "tags"] == '["a"]' and frame.loc[0, "n"] == 1
    assert frame.loc[1].isna().sum() == 7
    assert list(load_corpus(tmp_path).problems.columns) == [
        "file", "place", "problem", "remedy", "lost",
    ]  # fmt: skip


def test_a_table_is_computed_once_and_copied() -> None:
    calls = []

    @table
    def lengths(corpus: Corpus, *, unit: int = 1) -> pd.DataFrame:
        calls.append(unit)
        return pd.DataFrame({"n": [len(document.text) // unit for document in corpus]})

    corpus = Corpus([Document("a", "four", "a.txt")])
    spoilt = lengths(corpus)
    spoilt["n"] = 0
    assert lengths(corpus)["n"].tolist() == [4]
    assert lengths(corpus, unit=2)["n"].tolist() == [2]
    assert calls == [1, 2]


def test_a_table_tells_long_options_apart() -> None:
    @table
    def listed(corpus: Corpus, *, words: Iterable[str]) -> pd.DataFrame:
        return pd.DataFrame({"word": list(words)})

    corpus = Corpus([])
    one = pd.Series([f"w{i}" for i in range(5000)])  # printed with its middle left out
    other = one.replace("w2500", "x")
    for words in (one, other, other.to_numpy()):
        assert listed(corpus, words=words)["word"].tolist() == list(words)


MEASURE = """
import resource, sys
from nbhelpers.corpus import Document, stream_documents
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
texts = sum(isinstance(item, Document) for item in stream_documents(sys.argv[1]))
print(texts, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["line.jsonl", "line.csv", "quote.csv", "line.txt", "rows.csv"])
def test_memory_stays_bounded(kind: str, tmp_path: Path) -> None:
    """200 MB, be it one line, one open quotation mark or many rows, take a fraction of it."""
    block = b"many words " * 100_000
    line_end = {"rows.csv": b'"\n"', "quote.csv": b"\n"}.get(kind, b"")
    with (tmp_path / kind).open("wb") as stream:
        stream.write(b'{"text": "' if kind == "line.jsonl" else b'text\n"')
        for _ in range(182):
            stream.write(block + line_end)
        stream.write(b'"}\n{"text": "short"}' if kind == "line.jsonl" else b'"\nshort\n')
    (tmp_path / "short.txt").write_text("Short.")
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path)], capture_output=True, text=True, check=True
    )
    documents, megabytes = map(int, run.stdout.split())
    assert documents >= (180 if kind == "rows.csv" else 1)
    assert megabytes < 300


def test_limits_are_what_the_documentation_says() -> None:
    assert f"{files.DOCUMENT_LIMIT // 1_000_000} million" in (stream_documents.__doc__ or "")


def test_half_a_character_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match=r"'a' holds half a character at 2"):
        Corpus([Document("a", "ab\ud800c", "a.txt")])
