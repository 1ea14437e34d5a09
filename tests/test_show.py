"""What a reader sees: tables, figures and pages, from friendly and from hostile texts."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from typing import Any

import matplotlib.pyplot as plt
import nbformat.v4 as nbf
import pandas as pd
import pytest
from conftest import HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from nbhelpers import show
from nbhelpers.corpus import Corpus, Document, Problem
from nbhelpers.show.html import showable

SEGMENT_COLUMNS = ["doc_id", "start", "end", "kind", "is_content"]
DAMAGE_COLUMNS = ["doc_id", "start", "end", "kind", "text", "suggestion"]
LAYER_COLUMNS = ["start", "end", "kind", "label", "note"]
NO_DAMAGE = pd.DataFrame([], columns=DAMAGE_COLUMNS)
VOID = {"meta", "link", "img", "br", "input", "source", "hr"}


class Page(HTMLParser):
    """The elements of a page, and the text of its raw part without what was added to it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw = ""
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        classes = [attributes.get("class") for _, attributes in self._open]
        skipped = any("data-skip" in attributes for _, attributes in self._open)
        if "raw" in classes and not skipped:
            self.raw += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def assert_harmless(html: str) -> None:
    """Only our own script, no handler, no address that runs or loads anything."""
    page = Page(html)
    assert len(page.all("script")) == len(page.all("style")) == 1
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")]
        address = attributes.get("href") or attributes.get("src") or ""
        assert not address.lower().startswith("javascript:")
        if tag != "a":
            assert not re.match(r"(https?:)?//", address)
    html.encode("utf-8")


def segments_of(document: Document, *rows: tuple[int, int, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (document.doc_id, start, end, kind, kind in ("title", "body"))
            for start, end, kind in rows
        ],
        columns=SEGMENT_COLUMNS,
    )


def whole(document: Document) -> pd.DataFrame:
    return segments_of(document, (0, len(document.text), "body"))


def executed(*cells: tuple[str, Any]) -> NotebookNode:
    """A notebook of markdown cells ("# ...", None) and code cells with their outputs."""
    return nbf.new_notebook(
        cells=[
            nbf.new_markdown_cell(source)
            if outputs is None
            else nbf.new_code_cell(source, outputs=outputs)
            for source, outputs in cells
        ]
    )


def displayed(**data: str) -> NotebookNode:
    return nbf.new_output(
        "display_data", data={kind.replace("_", "/", 1): value for kind, value in data.items()}
    )


# Tables


def test_table_numbers_share_their_decimals_and_missing_values_are_dashes() -> None:
    frame = pd.DataFrame({"word": ["a", None], "n": [1234, pd.NA], "p": [0.04, 0.000001]})
    html = show.table(frame, caption="Numbers")._repr_html_()
    assert ">1,234<" in html
    assert ">0.040<" in html
    assert ">&lt;0.001<" in html
    assert html.count('<span role="img" aria-label="no value">–</span>') == 2


def test_table_takes_formats_headers_and_order() -> None:
    frame = pd.DataFrame({"share": [0.25], "ratio": [-1.5], "left_out": [1]})
    shown = show.table(
        frame,
        caption="Chosen",
        columns={"ratio": "log ratio", "share": "share of words"},
        formats={"share": ".0%", "ratio": lambda value: f"{value:+.1f} bits"},
    )
    headers = re.findall(r'<th scope="col"[^>]*>([^<]*)', shown._repr_html_())
    assert headers == ["log ratio", "share of words"]
    assert ">25%<" in shown._repr_html_()
    assert "-1.5 bits" in repr(shown)


def test_table_links_to_the_place_of_its_evidence() -> None:
    frame = pd.DataFrame(
        {"doc_id": ["a"], "start": [120], "end": [180], "other_doc_id": ["b"], "n": [1]}
    )
    html = show.table(frame, caption="Evidence")._repr_html_()
    assert 'data-place="texts/a.html#c120-180"' in html
    assert 'data-place="texts/b.html"' in html
    assert "href" not in html  # in JupyterLab there is no report to lead to
    page = show.notebook_page(
        executed(("x", [displayed(text_html=html)])), title="T", navigation=[]
    )
    assert {"texts/a.html#c120-180", "texts/b.html"} <= {a.get("href") for a in Page(page).all("a")}


def test_table_marks_small_numbers_in_words() -> None:
    frame = pd.DataFrame({"word": ["rare", "common"], "n": [1, 90], "small": [True, False]})
    html = show.table(frame, caption="Counts")._repr_html_()
    assert re.search(r"rare <small[^>]*>\(few\)</small>", html)
    assert html.count("(few)</small>") == 1
    assert "few cases" in html
    assert ">small<" not in html


def test_table_marks_unsure_rows_in_words_below_the_threshold() -> None:
    frame = pd.DataFrame({"cue": ["said", "hoped", "x"], "confidence": [0.9, 0.59, pd.NA]})
    html = show.table(frame, caption="Cues", columns=["cue"])._repr_html_()
    assert re.search(r"hoped <small[^>]*>\(unsure\)</small>", html)
    assert html.count("(unsure)</small>") == 1
    assert "confidence below 0.6" in html
    assert "hoped (unsure)" in repr(show.table(frame, caption="Cues"))
    stricter = show.table(frame, caption="Cues", unsure_below=0.95)._repr_html_()
    assert stricter.count("(unsure)</small>") == 2
    assert "confidence below 0.95" in stricter


def test_long_table_says_what_it_leaves_out_and_where_the_rest_is() -> None:
    frame = pd.DataFrame({"n": range(3788)})
    html = show.table(frame, caption="Many", limit=100, csv="many")._repr_html_()
    assert html.count("<tr>") == 101
    assert "The first 100 of 3,788 rows." in html
    assert 'data-place="tables/many.csv"' in html


def test_empty_table_says_so() -> None:
    html = show.table(pd.DataFrame({"a": []}), caption="Nothing")._repr_html_()
    assert "No rows." in html


@pytest.mark.parametrize("caption", ["", "  "])
def test_table_without_caption_is_refused(caption: str) -> None:
    with pytest.raises(ValueError, match="caption"):
        show.table(pd.DataFrame({"a": [1]}), caption=caption)


@pytest.mark.parametrize("wrong", [{"columns": ["b"]}, {"formats": {"b": ".1f"}}])
def test_table_refuses_a_column_that_is_not_there(wrong: dict[str, Any]) -> None:
    with pytest.raises(KeyError, match="no column 'b'"):
        show.table(pd.DataFrame({"a": [1]}), caption="A", **wrong)


def test_table_shows_hostile_values_as_text() -> None:
    frame = pd.DataFrame({"doc_id": [HOSTILE], HOSTILE: [HOSTILE], "start": [0], "end": [1]})
    shown = show.table(frame, caption=HOSTILE, notes=HOSTILE, evidence=True)
    page = Page(shown._repr_html_())
    assert {"script", "img", "style", "b"}.isdisjoint(tag for tag, _ in page.elements)
    repr(shown).encode("utf-8")


# Figures


def bars(label: str = "troops") -> Any:
    show.style()
    figure, axes = plt.subplots()
    axes.bar([label, "war"], [3, 1])
    axes.set_title(label)
    return figure


def variants(html: str) -> list[str]:
    found = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", html)
    return [base64.b64decode(data).decode() for data in found]


def test_figure_has_alt_caption_and_a_dark_twin() -> None:
    html = show.figure(bars(), alt="Two bars", caption="Troops lead")._repr_html_()
    dark, light = variants(html)
    assert 'alt="Two bars"' in html
    assert "<figcaption" in html and "Troops lead" in html
    assert "#ffffff" in light and "#ffffff" not in dark
    assert len(light) == len(dark)


def test_figure_is_the_same_bytes_again_and_is_closed() -> None:
    first = bars()
    shown = show.figure(first, alt="Bars", caption="Bars")
    assert not plt.fignum_exists(first.number)
    assert shown._repr_html_() == show.figure(bars(), alt="Bars", caption="Bars")._repr_html_()


@pytest.mark.parametrize(("alt", "caption"), [("", "c"), ("a", ""), (" ", "c")])
def test_figure_without_words_is_refused(alt: str, caption: str) -> None:
    with pytest.raises(ValueError, match="alt"):
        show.figure(bars(), alt=alt, caption=caption)


@pytest.mark.filterwarnings("error")
def test_figure_with_hostile_labels_is_a_sound_picture() -> None:
    html = show.figure(
        bars("<b>&\"' $\\frac{1}{0}$ \x00\x1b 📹 שלום"), alt=HOSTILE, caption=HOSTILE
    )._repr_html_()
    for svg in variants(html):
        assert not ElementTree.fromstring(svg).findall(".//{*}script")
    assert {tag for tag, _ in Page(html).elements} == {
        *("figure", "div", "picture", "source", "img", "figcaption")
    }


# Reader pages


@pytest.mark.parametrize("doc_id", ["con", "a/b", "A", "..", "nul.x", "", "ж", HOSTILE, "a" * 300])
def test_reader_names_are_safe(doc_id: str) -> None:
    name = show.reader_name(doc_id)
    assert re.fullmatch(r"[a-z0-9_][a-z0-9._-]{0,100}\.html", name)
    assert name.split(".")[0] not in ("con", "nul")


def test_reader_names_differ_where_file_systems_do_not() -> None:
    names = [show.reader_name(doc_id) for doc_id in ("a", "A", "a/b", "a-b", "a b", "a_b")]
    assert len({name.lower() for name in names}) == len(names)


def test_no_id_can_take_the_page_of_another() -> None:
    name = show.reader_name("Press/Kyiv 1")
    assert show.reader_name(name.removesuffix(".html")) != name


texts = st.text(
    st.one_of(st.sampled_from("ab \n\r\t\x00\x0b\x85<&>\"'“📹\u2028\ud800"), st.characters()),
    max_size=60,
)
spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


@settings(deadline=None)
@given(texts, spans, spans)
def test_reader_keeps_every_code_point_in_its_place(
    text: str, parts: list[tuple[int, int]], marks: list[tuple[int, int]]
) -> None:
    document = Document("a", text, "a.txt")
    segments = segments_of(document, *((min(p), max(p), "body") for p in parts))
    layers = pd.DataFrame(
        [(min(m), max(m), f"kind {i % 3}", "label", "note" * (i % 2)) for i, m in enumerate(marks)],
        columns=LAYER_COLUMNS,
    )
    raw = Page(show.reader_page(document, segments, NO_DAMAGE, layers=layers)).raw
    assert len(raw) == len(text)
    same = [(a, b) for a, b in zip(raw, text, strict=True) if a != b]
    assert all(b in "\x0b\x0c\x85\u2028\u2029" or showable(b) == a for a, b in same)


def test_reader_names_each_part_and_gives_it_an_address() -> None:
    document = Document("a", "Head\n\nBody here.\nlike\n", "a.txt")
    segments = segments_of(document, (0, 4, "title"), (6, 16, "body"), (17, 21, "share_widget"))
    html = show.reader_page(document, segments, NO_DAMAGE)
    ids = [span.get("id") for span in Page(html).all("span")]
    assert {"c0-4", "c6-16", "c17-21"} <= set(ids)
    assert re.findall(r"data-skip>([a-z ]+)</span>", html) == ["title", "body", "share widget"]
    assert "buttons to share or react" in html
    assert "<title>Head</title>" in html


def test_reader_explains_damage_in_words_and_leads_there_and_back() -> None:
    document = Document("a", "He said â€œyesâ€\x9d.", "a.txt")
    damage = pd.DataFrame(
        [("a", 8, 11, "mojibake", "â€œ", "“"), ("a", 17, 17, "new_kind", "", pd.NA)],
        columns=DAMAGE_COLUMNS,
    )
    html = show.reader_page(document, whole(document), damage)
    page = Page(html)
    hrefs = [a.get("href") for a in page.all("a")]
    ids = [attributes.get("id") for _, attributes in page.elements]
    for number in (1, 2):
        assert {f"#n{number}", f"#r{number}"} <= set(hrefs)
        assert {f"n{number}", f"r{number}"} <= set(ids)
    assert "Characters were decoded wrongly. It may have read: “" in html


def test_reader_shows_overlapping_layers_each_with_its_own_mark() -> None:
    document = Document("a", "0123456789", "a.txt")
    layers = pd.DataFrame(
        [(0, 6, "content", "c", pd.NA), (4, 9, "source", "s", "who")], columns=LAYER_COLUMNS
    )
    html = show.reader_page(document, whole(document), NO_DAMAGE, layers=layers)
    assert re.search(
        r'<span class="mark l1[^>]*>0123</span><span class="mark l1[^>]*>'
        r'<span class="mark l0[^>]*>45</span></span><span class="mark l0[^>]*>678</span>',
        html,
    )


def test_a_note_leads_on_to_the_mark_that_carries_it() -> None:
    document = Document("a", "CNN said X, Lee said.", "a.txt")
    rows = [
        (0, 3, "source", "CNN", pd.NA, "a:0", pd.NA),
        (9, 10, "content", "CNN", "a medium", "a:0", pd.NA),
        (9, 10, "content", "Lee", "through CNN", "a:1", "a:0"),
        (9, 10, "content", "Roe", "through nobody here", "a:2", "a:99"),
    ]
    layers = pd.DataFrame(rows, columns=[*LAYER_COLUMNS, "mark_id", "via"])
    html = show.reader_page(document, whole(document), NO_DAMAGE, layers=layers)
    notes = html.partition('<ol class="notes">')[2]
    assert re.findall(r'through CNN <a href="(#r\d)">See note 1</a>', notes) == ["#r1"]
    assert notes.count("See note") == 1
    assert '<li id="n1" value="1" dir="auto"><b>CNN</b>' in notes


def test_marks_differ_in_look_and_stand_in_the_order_of_a_sentence_in_the_legend() -> None:
    document = Document("a", "Lee said yes.", "a.txt")
    rows = [(9, 12, "content", "Lee", "x"), (4, 8, "cue", "Lee", pd.NA)]
    rows += [(0, 3, "favour", "in favour of Lee", "x"), (0, 3, "against", "against Lee", "x")]
    rows += [(0, 3, "source", "Lee", pd.NA), (0, 1, "added by a plugin", "x", pd.NA)]
    layers = pd.DataFrame(rows, columns=LAYER_COLUMNS)
    html = show.reader_page(document, whole(document), NO_DAMAGE, layers=layers)
    legend = html.partition("Marks in the text")[2].partition("</fieldset>")[0]
    kinds = re.findall(r"<b>([a-z ]+)</b>", legend)
    assert kinds == ["source", "cue", "content", "against", "favour", "added by a plugin"]
    for kind in kinds[:5]:
        assert re.search(rf'class="mark l\d hue\d+ {kind}"', html)


def test_numbers_rise_in_the_order_in_which_a_reader_meets_them() -> None:
    document = Document("a", "“Lee is bad,” Roe said.", "a.txt")
    rows = [(0, 13, "content", "Roe", "who"), (1, 4, "against", "against Lee", "how surely")]
    layers = pd.DataFrame(rows, columns=LAYER_COLUMNS)
    html = show.reader_page(document, whole(document), NO_DAMAGE, layers=layers)
    assert re.findall(r'aria-label="Note (\d): ([^"]*)"', html) == [
        ("1", "against Lee"),
        ("2", "Roe"),
    ]
    assert re.findall(r'<li id="n(\d)" value="\d" dir="auto"><b>([^<]*)', html) == [
        ("1", "against Lee"),
        ("2", "Roe"),
    ]


def test_a_note_quotes_without_a_second_pair_of_marks() -> None:
    document = Document("a", "“Yes,” Lee said. “", "a.txt")
    layers = pd.DataFrame(
        [(0, 6, "content", "Lee", "x"), (17, 18, "content", "Lee", "y")], columns=LAYER_COLUMNS
    )
    html = show.reader_page(document, whole(document), NO_DAMAGE, layers=layers)
    assert re.findall(r"<q>(.*?)</q>", html) == ["Yes,", "“"]
    whole_quotation = layers.assign(text=["“Yes,” … “No.”", pd.NA])
    html = show.reader_page(document, whole(document), NO_DAMAGE, layers=whole_quotation)
    assert re.findall(r"<q>(.*?)</q>", html) == ["Yes,” … “No.", "“"]


def test_reader_facts_that_are_missing_are_unknown_and_only_web_addresses_are_links() -> None:
    document = Document("a", "x", "a.txt")
    facts = {"outlet": None, "url": "https://example.org/a", "bad": "javascript:alert(1)"}
    html = show.reader_page(document, whole(document), NO_DAMAGE, facts=facts)
    assert html.count(">unknown<") == 1
    assert "https://example.org/a" in [a.get("href") for a in Page(html).all("a")]
    assert_harmless(html)


def test_reader_links_lead_up_to_the_other_pages() -> None:
    document = Document("a", "x", "a.txt")
    html = show.reader_page(
        document, whole(document), NO_DAMAGE, navigation=[show.Link("Overview", "01.html")]
    )
    assert "../01.html" in [a.get("href") for a in Page(html).all("a")]


# Notebook pages


def test_notebook_page_folds_code_and_lists_its_headings() -> None:
    notebook = executed(
        ("# Question", None),
        ("## Words", None),
        ("x = 1", [displayed(text_plain="1")]),
        ("## Words", None),
    )
    links = [show.Link("Index", "index.html"), show.Link("Overview", "01.html")]
    html = show.notebook_page(notebook, title="Overview", navigation=links)
    page = Page(html)
    assert [h.get("id") for h in page.all("h2")] == ["words", "words-2"]
    assert {"#words", "#words-2"} <= {a.get("href") for a in page.all("a")}
    assert len(page.all("h1")) == 1
    assert [a["href"] for a in page.all("a") if "aria-current" in a] == ["01.html"]
    assert re.search(r'<details class="code">\s*<summary>Code</summary>', html)


def test_notebook_page_is_the_same_whatever_the_cell_ids() -> None:
    pages = [
        show.notebook_page(executed(("# Q", None), ("x", [displayed(text_plain="1")])), title="Q")
        for _ in range(2)
    ]
    assert pages[0] == pages[1]


def test_notebook_page_shows_failure() -> None:
    error = nbf.new_output(
        "error", ename="KeyError", evalue="'a'", traceback=["\x1b[31mKeyError\x1b[0m: 'a' <b>"]
    )
    html = show.notebook_page(
        executed(("d['a']", [error])), title="Q", banner="Step 1 raised KeyError <here>."
    )
    assert "did not finish" in html and "Step 1 raised KeyError &lt;here&gt;." in html
    assert "KeyError: 'a' &lt;b&gt;" in html
    assert "\x1b" not in html and "[31m" not in html
    assert len(Page(html).all("h1")) == 1


def test_notebook_page_leaves_scripts_out_and_shows_markup_as_text() -> None:
    frame = pd.DataFrame({"a": [HOSTILE]})
    outputs = [
        displayed(text_html=show.table(frame, caption="C")._repr_html_()),
        displayed(text_html=show.note(HOSTILE)._repr_html_()),
        displayed(text_html=frame.to_html(), text_plain="frame"),
        displayed(text_markdown="<b onclick=alert(1)>[x](javascript:alert(2))</b>"),
        displayed(text_latex="$$<script>alert(3)</script>$$"),
        displayed(application_javascript="steal()", text_plain="<js>"),
        displayed(text_plain=HOSTILE),
        nbf.new_output("stream", name="stdout", text=HOSTILE),
        nbf.new_output("stream", name="stderr", text=HOSTILE),
    ]
    notebook = executed((f"# {HOSTILE}", None), (f"'''{HOSTILE}'''", outputs))
    html = show.notebook_page(
        notebook, title=HOSTILE, banner=HOSTILE, navigation=[show.Link(HOSTILE, "a.html")]
    )
    assert_harmless(html)
    assert "steal()" not in html
    assert "7 * 7" in html and ">49" not in html


# The index page


def test_index_leads_to_everything() -> None:
    documents = pd.DataFrame(
        {"doc_id": ["a", "b"], "outlet": ["Gazette", pd.NA], "n_words": [434, 10]}
    )
    html = show.index_page(
        title="Report",
        documents=documents,
        notebooks=[show.NotebookCard("Overview", "01.html", "What?", "Step 3 took too long.")],
        tables=[show.TableFile("tables/words.csv", 1200, "a word")],
        problems=[Problem("c.txt", "row 3 (line 4)", "the text is blank", "fill it in")],
        provenance={"command": "nbhelpers report seeds"},
        made_at="2026-01-01 00:00 UTC",
    )
    hrefs = {a.get("href") for a in Page(html).all("a")}
    assert {"01.html", "texts/a.html", "texts/b.html", "tables/words.csv"} <= hrefs
    for words in (
        "Gazette",
        "1,200",
        "Step 3 took too long.",
        "c.txt</strong>, row 3 (line 4): the text is blank; fill it in.",
    ):
        assert words in html
    assert html.count("2026-01-01 00:00 UTC") == 1


def test_the_index_of_a_large_corpus_stays_a_page_a_browser_can_show() -> None:
    documents = pd.DataFrame({"doc_id": [f"d{number}" for number in range(6000)]})
    html = show.index_page(title="Report", documents=documents, notebooks=[])
    assert "6,000 texts" in html
    assert "The first 5,000 of 6,000 rows." in html
    assert "d5000.html" not in html


def test_a_long_cell_and_a_long_name_are_shortened_and_the_link_stays_whole() -> None:
    name = "n" * 3000
    frame = pd.DataFrame({"doc_id": [name], "text": ["a" * 5000], "exact": ["b" * 400]})
    html = show.table(frame, caption="Long")._repr_html_()
    assert "a" * 399 + "…" in html and "a" * 400 not in html
    assert "b" * 400 in html
    assert "n" * 119 + "…" in html and "n" * 120 not in html
    assert show.reader_link(name) in html


def test_index_and_readers_of_a_hostile_corpus_are_harmless(hostile_corpus: Corpus) -> None:
    for document in hostile_corpus:
        damage = pd.DataFrame(
            [(document.doc_id, 3, 9, HOSTILE, HOSTILE, HOSTILE)], columns=DAMAGE_COLUMNS
        )
        layers = pd.DataFrame([(5, 20, HOSTILE, HOSTILE, HOSTILE)], columns=LAYER_COLUMNS)
        segments = segments_of(document, (0, 30, HOSTILE), (30, 50, "embed"))
        facts = {HOSTILE: HOSTILE, **document.metadata}
        assert_harmless(show.reader_page(document, segments, damage, layers=layers, facts=facts))
    documents = pd.DataFrame(
        {"doc_id": hostile_corpus.doc_ids, "outlet": HOSTILE, "published": HOSTILE}
    )
    assert_harmless(
        show.index_page(
            title=HOSTILE,
            documents=documents,
            notebooks=[show.NotebookCard(HOSTILE, "a.html", HOSTILE, HOSTILE)],
            tables=[show.TableFile("tables/a.csv", 1, HOSTILE)],
            problems=[Problem(HOSTILE, HOSTILE, HOSTILE, HOSTILE)],
            provenance={HOSTILE: HOSTILE},
        )
    )
