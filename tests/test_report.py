"""The report: what is delivered, what is refused, what happens when a notebook fails."""

import csv
import errno
import html.parser
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from soundness import formulas

from nbhelpers import report as report_module
from nbhelpers.corpus import InputError
from nbhelpers.export import read_csv, to_csv
from nbhelpers.output import staged
from nbhelpers.report import report

PARAMETERS = 'corpus_path: str = "seeds"  # the texts'
SCRIPT = "<script>alert('h0stile')</script>"
HOSTILE_IDS = [
    "../../escape",
    "/etc/absolute",
    "a/b/../c",
    "..",
    "CON",
    "x" * 400,
    "Ünï çødé 語",
    SCRIPT,
    "{{ 7 * 7 }}",
    "=1+1",
    "quote\"'",
    "line\nbreak",
]
HOSTILE_TEXT = f"""{SCRIPT} opened the day

</style></script></title><img src=x onerror=alert('h0stile')> said the minister.
A [link](javascript:alert('h0stile')) and **bold**, {{{{ 7 * 7 }}}} and {{% raw %}} stand here.
The formula $\\href{{javascript:alert('h0stile')}}{{x}}$ is no formula, <!-- nor is this a comment.
=HYPERLINK("http://example.org") was the answer."""


def write_notebook(folder, name, *sources, parameters=PARAMETERS, title="A question"):
    cells = [
        nbformat.v4.new_markdown_cell(f"# {title}\n\nWhat is *there*?"),
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *map(nbformat.v4.new_code_cell, sources),
    ]
    path = folder / f"{name}.ipynb"
    # A kernel of that name is nowhere: the report brings its own.
    kernel = {"name": "not-there", "language": "python", "display_name": "x"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return str(path)


def write_corpus(folder):
    folder.mkdir(parents=True)
    for name in ("one", "two"):
        text = f"Title {name}\n\nThe minister said on Monday that text {name} was short.\n"
        (folder / f"{name}.txt").write_text(text)
    return folder


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def without_stamp(files):
    made_at = json.loads(files["manifest.json"])["made_at"]
    return {name: content.replace(made_at.encode(), b"STAMP") for name, content in files.items()}


@pytest.fixture
def corpus(tmp_path):
    return write_corpus(tmp_path / "texts")


@pytest.fixture
def quick(tmp_path):
    return write_notebook(tmp_path, "01_quick", "print(corpus_path)")


class Page(html.parser.HTMLParser):
    """Collects what of a page a browser would run or follow."""

    def __init__(self, source):
        super().__init__()
        self.active, self._inside = [], None
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self._inside = tag
        self.active += [value or "" for name, value in attrs if name.startswith("on")]
        links = [value for name, value in attrs if name in ("href", "src") and value]
        self.active += [link for link in links if link.strip().lower().startswith("javascript:")]

    def handle_endtag(self, tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside in ("script", "style"):
            self.active.append(data)


# --- refused before anything starts -------------------------------------------------------------


def refused(match, *args, **options):
    with pytest.raises(InputError, match=match) as error:
        report(*args, **options)
    assert "\n" not in str(error.value)


def test_a_folder_that_is_not_ours_is_left_alone(corpus, quick, tmp_path):
    out = tmp_path / "photos"
    out.mkdir()
    (out / "holiday.jpg").write_bytes(b"x")
    refused("was not made by", corpus, out=out, notebooks=[quick])
    assert tree(out) == {"holiday.jpg": b"x"}


def test_another_programs_manifest_does_not_make_a_folder_ours(corpus, quick, tmp_path):
    out = tmp_path / "app"
    out.mkdir()
    (out / "manifest.json").write_text('{"made_by": "a web app", "parts": {}}')
    refused("was not made by", corpus, out=out, notebooks=[quick])


def test_a_users_file_is_not_replaced_by_a_new_page_of_its_name(tmp_path):
    def make(*addresses):
        with staged(tmp_path / "out", made_by="a report") as staging:
            for address in addresses:
                staging.write("pages", address, "ours")
            staging.finish({}, {"made_by": "a report"})

    make("01_first.html")
    (tmp_path / "out" / "02_second.html").write_text("mine")
    before = tree(tmp_path)
    with pytest.raises(InputError, match=r"02_second\.html: is there already"):
        make("01_first.html", "02_second.html")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("place", ["texts", "texts/report", "."])
def test_the_output_may_not_mix_with_the_input(corpus, quick, tmp_path, place):
    inside = {"texts": "was not made by", ".": "was not made by"}
    refused(inside.get(place, "lie inside"), corpus, out=tmp_path / place, notebooks=[quick])


def test_unusable_input_and_parameters_leave_nothing(corpus, quick, tmp_path):
    out = tmp_path / "out"
    empty = tmp_path / "empty"
    empty.mkdir()
    refused("no such file", tmp_path / "nowhere", out=out, notebooks=[quick])
    refused("empty", empty, out=out, notebooks=[quick])
    refused("Did you mean", corpus, out=out, notebooks=[quick], parameters={"corpus_pat": "x"})
    refused("follows from INPUT", corpus, out=out, notebooks=[quick], parameters={"metadata": "x"})
    refused("no parameter “text_column”", corpus, out=out, notebooks=[quick], text_column="body")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "01_quick.ipynb",
        "empty",
        "texts",
    ]


# --- tables as CSV --------------------------------------------------------------------------------


def plain(form: str) -> str:
    return unicodedata.normalize("NFKC", form)


FORMULAS = [
    *(
        "=1+1",
        "+x",
        "-x",
        "@x",
        "-5+x",
        "＝1",
        "－1",
        "﹣1",
        "−1",
        "=cmd|' /C calc'!A0",
        "\tx",
        "\rx",
    ),
    *("\nx", " =1", "\u00a0=1", "\ufeff=1", "\u200b@x", "\x00=1", '"=1"', '" =1', "“=1", "a;=1"),
    *("a; -1", 'a;"=1";', "a\t=1", "a\n=1\n+2", "a\r\n@x", ";;=1", "a\n;=1", 'a\n"; =1', ";\t\r=1"),
    *(" \t=1", "a; \t=1", '" \n=1'),
    *(f"{form}1" for form in map(chr, range(0x80, 0x10000)) if plain(form)[0] in "=+-@−"),
]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_and_no_column_is_a_formula(cell):
    quoted = cell.replace('"', '""')
    assert list(formulas(f'a,"{quoted}"\r\n'))
    for place in ({"a": ["x"], "text": [cell], "n": [-1.5]}, {"a": ["x"], cell: [cell]}):
        assert not list(formulas(to_csv(pd.DataFrame(place))))


def test_numbers_and_ordinary_texts_stay_as_they_are():
    frame = pd.DataFrame({"text": ["it’s", "a - b", "1 = 1", "x@y", "2-1"], "n": range(-2, 3)})
    assert to_csv(frame) == "text,n\r\nit’s,-2\r\na - b,-1\r\n1 = 1,0\r\nx@y,1\r\n2-1,2\r\n"


@example(FORMULAS)
@example(
    ["'=1", "''=1", "a;'=1", "\n'=1", "'tis", "a;'b", "", "a\r\nb", 'say "no"', "a,b", "\u2028=1"]
)
@settings(deadline=None)  # the first call imports what pandas needs
@given(st.lists(st.text(st.characters(codec="utf-8") | st.sampled_from("=+-@;\t\r\n'\" ＝"))))
def test_a_table_is_read_back_exactly(cells):
    frame = pd.DataFrame({"text": cells, "=n": range(len(cells))}, dtype="str")
    written = to_csv(frame)
    assert not list(formulas(written))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(written.encode())
        expected = frame.replace({"text": {"": pd.NA}})
        pd.testing.assert_frame_equal(read_csv(path), expected.astype("str"))


def test_missing_is_an_empty_cell():
    assert to_csv(pd.DataFrame({"a": [pd.NA, "x"], "b": [1, 2]})) == "a,b\r\n,1\r\nx,2\r\n"


# --- with kernels ---------------------------------------------------------------------------------


@pytest.mark.kernel
def test_a_full_disk_ends_in_one_sentence_and_leaves_nothing(corpus, quick, tmp_path, monkeypatch):
    def refuse(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    refused(r"out: .* \(No space left on device\)", corpus, out=tmp_path / "out", notebooks=[quick])
    assert not list(tmp_path.glob(".nbhelpers*"))
    assert not (tmp_path / "out").exists()


def test_a_mount_point_is_refused_before_the_work(corpus, quick, tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda path: path.name == "out")
    refused("mount point", corpus, out=tmp_path / "out", notebooks=[quick])


@pytest.mark.kernel
def test_default_and_changed_parameters_reach_the_notebook(corpus, tmp_path):
    parameters = PARAMETERS + "\nword: str = 'peace'  # to look up\ntop_n: int = 3  # rows"
    notebook = write_notebook(
        tmp_path, "01_ask", "print(f'<{word}|{top_n}|{corpus_path}>')", parameters=parameters
    )
    word = '"; import os #\\ {x} é\n'
    made = report(corpus, out=tmp_path / "a", notebooks=[notebook])
    assert not made.failures
    assert "&lt;peace|3|texts&gt;" in (tmp_path / "a" / "01_ask.html").read_text("utf-8")
    report(corpus, out=tmp_path / "b", notebooks=[notebook], parameters={"word": word, "top_n": 7})
    page = html.unescape((tmp_path / "b" / "01_ask.html").read_text("utf-8"))
    assert f"<{word}|7|texts>" in page
    manifest = json.loads((tmp_path / "b" / "manifest.json").read_text("utf-8"))
    wanted = {"corpus_path": "texts", "word": word, "top_n": 7}
    assert manifest["notebooks"]["01_ask.ipynb"]["parameters"] == wanted


@pytest.mark.kernel
def test_what_is_delivered_and_made_again_only_where_it_changed(corpus, quick, tmp_path):
    out = tmp_path / "out"
    other = write_notebook(tmp_path, "02_other", "import nbhelpers", title="Another question")
    first = report(corpus, out=out, notebooks=[quick, other])
    assert (first.failures, first.run) == ((), ("01_quick", "02_other"))
    files = tree(out)
    assert {"index.html", "01_quick.html", "02_other.html", "manifest.json"} <= set(files)
    assert {"tables/documents.csv", "tables/segments.csv", "tables/passages.csv"} <= set(files)
    assert {"tables/attributions.csv", "tables/spans.csv", "tables/sources.csv"} <= set(files)
    assert {"tables/source_mentions.csv", "tables/source_evidence.csv"} <= set(files)
    assert {"tables/stances.csv", "tables/tone.csv"} <= set(files)
    reader = files["texts/one.html"].decode()
    assert re.search(r'<span class="mark l\d hue\d+ source">The minister</span>', reader)
    assert sum(name.startswith("texts/") for name in files) == 2
    assert not any(str(tmp_path).encode() in content for content in files.values())

    (out / "mine.txt").write_text("notes")
    again = report(corpus, out=out, notebooks=[quick, other])
    assert again.run == ()
    assert without_stamp(tree(out)) == {**without_stamp(files), "mine.txt": b"notes"}

    forced = report(corpus, out=tmp_path / "twin", notebooks=[quick, other], force=True)
    assert forced.run == ("01_quick", "02_other")
    assert without_stamp(tree(tmp_path / "twin")) == without_stamp(files)

    (out / "02_other.html").write_text("spoilt")
    assert report(corpus, out=out, notebooks=[quick, other]).run == ("02_other",)
    assert tree(out)["02_other.html"] == files["02_other.html"]

    (corpus / "two.txt").unlink()
    assert report(corpus, out=out, notebooks=[quick]).run == ("01_quick",)
    left = set(tree(out))
    assert "mine.txt" in left
    assert not left & {"02_other.html", "texts/two.html"}
    assert not list(tmp_path.glob(".nbhelpers*"))


@pytest.mark.kernel
def test_a_failed_notebook_leaves_a_banner_and_the_others_come_out(corpus, tmp_path):
    elsewhere = "open('/nowhere/at/all')"
    notebooks = [
        write_notebook(tmp_path, "01_good", "print('all ' + 'well')"),
        write_notebook(tmp_path, "02_error", "print('be' + 'fore')", elsewhere),
        write_notebook(tmp_path, "03_slow", "print('be' + 'fore')", "import time; time.sleep(99)"),
        write_notebook(tmp_path, "04_dead", "print('be' + 'fore')", "import os; os._exit(3)"),
        write_notebook(tmp_path, "05_quits", "print('be' + 'fore')", "import sys; sys.exit(0)"),
    ]
    out = tmp_path / "out"
    made = report(corpus, out=out, notebooks=notebooks, timeout=10)
    assert made.run == ("01_good", "02_error", "03_slow", "04_dead", "05_quits")
    assert "all well" in (out / "01_good.html").read_text("utf-8")
    said = {
        "02_error.ipynb, code cell 4: FileNotFoundError": "02_error.html",
        "03_slow.ipynb, code cell 4: took longer than 10 seconds": "03_slow.html",
        "04_dead.ipynb, code cell 4: the kernel died": "04_dead.html",
        "05_quits.ipynb, code cell 4: the notebook ended itself": "05_quits.html",
    }
    assert len(made.failures) == len(said)
    index = html.unescape((out / "index.html").read_text("utf-8"))
    for (sentence, name), failure in zip(said.items(), made.failures, strict=True):
        assert failure.startswith(sentence)
        page = html.unescape((out / name).read_text("utf-8"))
        assert failure in page
        assert failure in index
        assert "before" in page


@pytest.mark.kernel
def test_half_a_second_is_a_time_limit_and_optional_parameters_are_no_news(
    corpus, tmp_path, caplog, capfd
):
    parameters = f"{PARAMETERS}\nquery: str | None = None  # a word"
    notebook = write_notebook(tmp_path, "07", "import time; time.sleep(9)", parameters=parameters)
    options = {"notebooks": [notebook], "parameters": {"query": "troops"}, "timeout": 0.5}
    made = report(corpus, out=tmp_path / "out", **options)
    said = "07.ipynb, code cell 3: took longer than 0.5 seconds and was stopped."
    assert made.failures == (said,)
    assert "unknown parameter" not in caplog.text + capfd.readouterr().err


@pytest.mark.kernel
def test_without_marks_of_attributions_the_texts_still_have_their_pages(
    corpus, quick, tmp_path, monkeypatch
):
    def fail(corpus, *, model):
        raise RuntimeError("no marks today")

    monkeypatch.setitem(report_module._MARKS, "marks of the attributions", fail)
    made = report(corpus, out=tmp_path / "out", notebooks=[quick])
    assert [failure.partition(": ")[2] for failure in made.failures] == [
        "RuntimeError: no marks today"
    ]
    assert (tmp_path / "out" / "texts" / "one.html").is_file()
    assert not (tmp_path / "out" / "tables" / "marks of the attributions.csv").exists()


@pytest.mark.kernel
def test_a_failed_notebook_is_tried_again(corpus, quick, tmp_path):
    failing = write_notebook(tmp_path, "02_error", "1 / 0")
    for run in (("01_quick", "02_error"), ("02_error",)):
        made = report(corpus, out=tmp_path / "out", notebooks=[quick, failing])
        assert made.run == run
        assert len(made.failures) == 1


@pytest.mark.kernel
def test_a_hostile_corpus_shows_as_text_and_stays_inside(tmp_path):
    source = tmp_path / "inside" / "hostile.jsonl"
    source.parent.mkdir()
    rows = [
        {"id": doc_id, "text": f"{HOSTILE_TEXT}\nText {n}."} for n, doc_id in enumerate(HOSTILE_IDS)
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    parameters = PARAMETERS + "\nid_column: str | None = None  # column of ids"
    notebook = write_notebook(
        tmp_path,
        "01_show",
        "from nbhelpers import show\nfrom nbhelpers.cleaning import segments\n"
        "from nbhelpers.corpus import load_corpus\n"
        "corpus = load_corpus(corpus_path, id_column=id_column)",
        "show.table(segments(corpus), caption=corpus.text(corpus.doc_ids[0]))",
        "segments(corpus)",
        "print(corpus.text(corpus.doc_ids[0]))",
        "raise ValueError(corpus.text(corpus.doc_ids[0]))",
        parameters=parameters,
    )
    out = tmp_path / "inside" / "out"
    before = set(tree(tmp_path))
    made = report(source, out=out, notebooks=[notebook], id_column="id")
    assert [failure.split(":")[0] for failure in made.failures] == ["01_show.ipynb, code cell 7"]
    assert all(name.startswith("inside/out/") for name in set(tree(tmp_path)) - before)
    pages = list((out / "texts").iterdir())
    assert len(pages) == len(HOSTILE_IDS)
    assert all(re.fullmatch(r"[\w.%-]{1,200}\.html", page.name) for page in pages)
    for page in out.rglob("*.html"):
        content = page.read_text("utf-8")
        assert not any("h0stile" in part for part in Page(content).active), page.name
        assert page.name == "index.html" or "h0stile" in content
    for table in (out / "tables").iterdir():
        with table.open(encoding="utf-8", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]


ACTIVE = (
    "<script>window.h0stile = 1</script><img src=x onerror='window.h0stile = 1'>"
    "<svg onload='window.h0stile = 1'><iframe src='javascript:window.h0stile = 1'></iframe>"
    "<link rel=stylesheet href='http://example.org/a.css'><base href='http://example.org/'>"
    "<meta http-equiv=refresh content='0;url=http://example.org/'></title></style></script>"
    "\"'--> ]]> {{ 7 * 7 }} {% raw %} ${7} [a](javascript:1) ![a](http://example.org/a.png) "
    "$\\href{javascript:1}{x}$ \u202e\u2067"
)
NAMES = [
    *("=1+1", "+1", "@sum", "A", "a", "con", "{{ 7 * 7 }}", "${7}", "x" * 200, "a\nb", "\u202egpj"),
    *(
        "<script>window.h0stile = 1<",
        "<img src=x onerror=window.h0stile=1>",
        "' onload='",
        "%2e",
        " ",
    ),
]


@pytest.mark.kernel
@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform == "win32", reason="has no such names of files")
def test_the_real_notebooks_over_hostile_texts_names_and_metadata_in_a_browser(tmp_path, browse):
    folder = tmp_path / "inside" / "texts"
    folder.mkdir(parents=True)
    said = "\n\nPresident Ann Lee lied, the minister of {0} told {0} on Monday; 3,000 {0} came."
    for n, name in enumerate(NAMES):
        (folder / f"{name}.txt").write_text(
            f"{ACTIVE}\n\n{HOSTILE_TEXT}{said.format(ACTIVE)} {n}\n"
        )
    fields = dict.fromkeys(("title", "outlet", "genre", "note", ACTIVE), f"=1 {ACTIVE}")
    rows = [{"file": f"{name}.txt", "published": "2024-10-28", **fields} for name in NAMES]
    pd.DataFrame([*rows, {"file": ACTIVE, "published": ACTIVE}]).to_csv(folder / "corpus.csv")
    ids = [
        *HOSTILE_IDS,
        ACTIVE,
        "../" * 30 + "tmp/x",
        "C:\\x",
        "nul",
        "NUL.txt",
        "~/x",
        "%2e%2e%2fx",
    ]
    lines = [{"doc_id": id_, "text": f"{HOSTILE_TEXT} {n}", **fields} for n, id_ in enumerate(ids)]
    (folder / "rows.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    out = tmp_path / "inside" / "out"
    before = set(tree(tmp_path))
    made = report(folder, out=out, parameters={"by": "outlet"})
    assert not [failure for failure in made.failures if ".ipynb" in failure]
    assert all(name.startswith("inside/out/") for name in set(tree(tmp_path)) - before)
    assert len(list((out / "texts").iterdir())) == len({*NAMES, *ids})
    for table in (out / "tables").iterdir():
        assert not list(formulas(table.read_text("utf-8"))), table.name
    for path in sorted(out.rglob("*.html")):
        page = browse(path)
        assert page.evaluate("window.h0stile") is None, path.name
        assert page.locator("[onerror], [onload], iframe, base, link[rel=stylesheet]").count() == 0
        assert page.locator("meta[http-equiv=refresh], img[src^=http]").count() == 0
        hrefs = page.eval_on_selector_all("a[href]", "all => all.map(a => a.protocol)")
        assert set(hrefs) <= {"file:", "http:", "https:"}, path.name
        page.close()


@pytest.mark.kernel
def test_modules_beside_the_texts_are_not_imported(corpus, tmp_path):
    (tmp_path / "nltk.py").write_text("raise SystemExit('taken in')")
    notebook = write_notebook(
        tmp_path, "01_import", "import nltk, nbhelpers, sys", "sys.executable"
    )
    made = report(corpus, out=tmp_path / "out", notebooks=[notebook])
    assert not made.failures
    assert sys.executable in (tmp_path / "out" / "01_import.html").read_text("utf-8")


@pytest.mark.kernel
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_by_the_user_it_leaves_nothing(corpus, tmp_path, signal_number):
    mark = tmp_path / "mark"
    code = (
        f"import os, pathlib, subprocess, time\nchild = subprocess.Popen(['sleep', '600'])\n"
        f"pathlib.Path({str(mark)!r}).write_text(f'{{os.getpid()}} {{child.pid}}')\ntime.sleep(600)"
    )
    notebook = write_notebook(tmp_path, "01_long", code)
    command = [sys.executable, "-m", "nbhelpers", "report", str(corpus)]
    command += ["--out", str(tmp_path / "out"), "--notebook", notebook]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: mark.exists() and mark.read_text().count(" ") == 1, 120, process)
    process.send_signal(signal_number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped" in said
    assert "Traceback" not in said
    for process_id in map(int, mark.read_text().split()):
        wait_for(lambda pid=process_id: is_gone(pid), 10)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["01_long.ipynb", "mark", "texts"]


def wait_for(condition, seconds, process=None):
    end = time.monotonic() + seconds
    while not condition():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def is_gone(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{process_id}/stat")  # what is killed but not yet buried is gone, too
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z"
