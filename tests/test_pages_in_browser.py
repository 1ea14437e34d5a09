"""The pages of a report in Chromium, opened from a folder as a reader would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import nbformat.v4 as nbf
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import HOSTILE

from nbhelpers import show
from nbhelpers.corpus import Corpus, Document, Problem
from nbhelpers.report import report as make_report

pytestmark = pytest.mark.browser

PHONE = 390
EMOJI_TEXT = "\r\n\r\n".join(
    ["📹📹 Troops cross", "🇰🇵 The ministry “confirmed” it: 📹 3,000 troops.", "like", "love", ""]
)


def place_of(words: str, text: str = EMOJI_TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def notebook_html(navigation: list[show.Link]) -> str:
    show.style()
    figure, axes = plt.subplots()
    axes.barh(["war", "troops"], [1, 3])
    words = pd.DataFrame(
        {
            "word": [f"word {number}" for number in range(45)] + [HOSTILE],
            "count": [number * 37 % 101 for number in range(45)] + [pd.NA],
            "small": [number % 9 == 0 for number in range(46)],
        }
    )
    lines = pd.DataFrame(
        {"doc_id": "emoji", "start": 4, "end": 9, "left": ["x " * 40], "node": "y", "right": "z"}
    )
    cited = pd.DataFrame(
        [("CNN", 1, "two officials", 2), ("a text", 0, "CNN", 1), ("a text", 0, HOSTILE, 3)],
        columns=["citing", "citing_level", "cited", "count"],
    )
    shown = [
        show.note("Two words stand out."),
        show.figure(figure, alt="Two bars", caption="Troops lead."),
        show.chain_graph(cited, cited_in="text", alt="Three lines", caption="Who cites whom"),
        show.table(words, caption="Words", evidence=True, csv="words", notes="A remark."),
        show.table(lines, caption="Lines", align={"left": "right", "node": "center"}),
    ]
    outputs = [nbf.new_output("display_data", data={"text/html": x._repr_html_()}) for x in shown]
    outputs += [
        nbf.new_output("display_data", data={"text/html": words.to_html()}),
        nbf.new_output("stream", name="stdout", text="plain " * 200),
        nbf.new_output("error", ename="KeyError", evalue="a", traceback=["KeyError: " + HOSTILE]),
    ]
    cells = [
        nbf.new_markdown_cell("# A question\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
        nbf.new_code_cell("import nbhelpers  # a comment\nprint('x', 1)", outputs=outputs),
        nbf.new_markdown_cell("## First\n\n### Second\n\n`code` and a [link](index.html)"),
    ]
    return show.notebook_page(
        nbf.new_notebook(cells=cells), title="Words", navigation=navigation, banner="It failed."
    )


def reader_html(document: Document, navigation: list[show.Link]) -> str:
    kinds = [
        ("Troops cross", "title"),
        ("🇰🇵 The ministry “confirmed” it: 📹 3,000 troops.", "body"),
    ]
    kinds.append(("like\r\n\r\nlove", "share_widget"))
    segments = pd.DataFrame(
        [(*place_of(words), kind, kind != "share_widget") for words, kind in kinds],
        columns=["start", "end", "kind", "is_content"],
    )
    damage = pd.DataFrame(
        [(*place_of("“confirmed”"), "unbalanced_quote", None)],
        columns=["start", "end", "kind", "suggestion"],
    )
    layers = pd.DataFrame(
        [
            (*place_of("ministry “conf"), "source", "the ministry", "government", "a:0", None),
            (*place_of("ministry “confirmed” it"), "content", "what it says", None, "a:0", None),
            (*place_of("3,000 troops"), "content", "Lee", "through the ministry", "a:1", "a:0"),
            (*place_of("confirmed"), "cue", "the ministry", None, "a:0", None),
        ],
        columns=["start", "end", "kind", "label", "note", "mark_id", "via"],
    )
    facts = {"outlet": None, "published": "2024-10-23"}
    return show.reader_page(
        document, segments, damage, layers=layers, facts=facts, navigation=navigation
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small report with everything that pages can hold."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "texts").mkdir()
    navigation = [show.Link("Report", "index.html"), show.Link("Words", "words.html")]
    document = Document("emoji", EMOJI_TEXT, "emoji.txt")
    index = show.index_page(
        title="A report",
        documents=pd.DataFrame({"doc_id": ["emoji"], "outlet": [HOSTILE], "n_words": [7]}),
        notebooks=[show.NotebookCard("Words", "words.html", "Which words?", "It failed.")],
        tables=[show.TableFile("tables/words.csv", 46, "a word")],
        problems=[Problem("x.txt", "byte 0", "It is empty.", "Remove it.")],
        provenance={"command": "nbhelpers report " + "long/path" * 30},
        made_at="2026-01-01",
        navigation=navigation,
    )
    pages = {
        "index": (folder / "index.html", index),
        "notebook": (folder / "words.html", notebook_html(navigation)),
        "reader": (folder / "texts" / "emoji.html", reader_html(document, navigation)),
    }
    for path, html in pages.values():
        path.write_bytes(html.encode())
    return {name: path for name, (path, _) in pages.items()}


def unfold(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")


every_page = pytest.mark.parametrize("name", ["index", "notebook", "reader"])


@every_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, PHONE])
def test_page_is_accessible(
    report: dict[str, Path], browse: Callable[..., Any], name: str, scheme: str, width: int
) -> None:
    page = browse(report[name], scheme=scheme, width=width)
    unfold(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@every_page
def test_page_does_not_scroll_sideways_on_a_phone(
    report: dict[str, Path], browse: Callable[..., Any], name: str
) -> None:
    page = browse(report[name], width=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE


@every_page
def test_every_image_has_alt_text(
    report: dict[str, Path], browse: Callable[..., Any], name: str
) -> None:
    page = browse(report[name])
    images = page.locator("img")
    assert images.count() == (2 if name == "notebook" else 0)
    assert all(image.get_attribute("alt") for image in images.all())


def test_pages_lead_to_each_other(report: dict[str, Path], browse: Callable[..., Any]) -> None:
    page = browse(report["index"])
    page.get_by_role("link", name="emoji").click()
    assert page.title() == "Troops cross"
    page.get_by_role("link", name="Words").click()
    page.get_by_role("link", name="emoji 4–9").click()
    assert page.url.endswith("texts/emoji.html#c4-9")


# Tables


def shown_words(page: Any) -> list[str]:
    return page.locator(".nbh-evidence tbody tr:visible th").all_inner_texts()


def test_evidence_is_filtered_with_a_live_count(
    report: dict[str, Path], browse: Callable[..., Any]
) -> None:
    page = browse(report["notebook"])
    assert len(shown_words(page)) == 20
    status = page.locator(".nbh-evidence [role=status]")
    assert status.inner_text() == "20 of 46 rows shown"
    page.get_by_label("Filter rows").fill("WORD 4")
    assert shown_words(page) == ["word 4", *(f"word {n}" for n in range(40, 45))]
    assert status.inner_text() == "6 of 46 rows match"
    page.get_by_label("Filter rows").fill("")
    page.get_by_role("button", name="Show all 46 rows").click()
    assert len(shown_words(page)) == 46


def test_evidence_is_sorted_by_number_with_missing_values_last(
    report: dict[str, Path], browse: Callable[..., Any]
) -> None:
    page = browse(report["notebook"])
    page.get_by_role("button", name="Show all 46 rows").click()
    head = page.locator(".nbh-evidence thead th").nth(1)
    for direction in ("ascending", "descending"):
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == direction
        cells = page.locator(".nbh-evidence tbody td").all_inner_texts()
        counts = [int(cell) for cell in cells[:-1]]
        assert counts == sorted(counts, reverse=direction == "descending")
        assert cells[-1] == "–"


# Reader pages


def highlighted(page: Any) -> str:
    return "".join(page.locator("mark.here").all_inner_texts())


@pytest.mark.parametrize(
    "words", ["Troops", "📹 3,000", "ministry “confirmed” it", "troops.\r\n\r\nli", "love"]
)
def test_address_highlights_exactly_its_characters(
    report: dict[str, Path], browse: Callable[..., Any], words: str
) -> None:
    start, end = place_of(words)
    page = browse(report["reader"], f"#c{start}-{end}")
    page.wait_for_selector("mark.here")
    marked = "".join(page.locator("mark.here").evaluate_all("all => all.map(m => m.textContent)"))
    assert marked == words
    assert page.locator("mark.here").first.is_visible()
    assert page.locator("[role=status]").inner_text().startswith(f"Characters {start} to {end}")


def test_highlight_moves_with_the_address_and_can_be_cleared(
    report: dict[str, Path], browse: Callable[..., Any]
) -> None:
    page = browse(report["reader"], "#c0-2")
    page.wait_for_selector("mark.here")
    assert highlighted(page) == "📹📹"
    page.evaluate("location.hash = '#c3-9'")
    page.locator("mark.here", has_text="Troops").wait_for()
    assert highlighted(page) == "Troops"
    page.get_by_role("link", name="Clear").click()
    page.locator("mark.here").wait_for(state="detached")


def test_page_furniture_can_be_hidden_and_a_highlight_brings_it_back(
    report: dict[str, Path], browse: Callable[..., Any]
) -> None:
    page = browse(report["reader"])
    furniture = page.locator(".segment.furniture")
    assert furniture.is_visible()
    button = page.get_by_role("button", name="Hide page furniture")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert not furniture.is_visible()
    start, end = place_of("love")
    page.evaluate(f"location.hash = '#c{start}-{end}'")
    page.wait_for_selector("mark.here")
    assert furniture.is_visible()


def test_one_kind_of_mark_can_be_switched_off(
    report: dict[str, Path], browse: Callable[..., Any]
) -> None:
    page = browse(report["reader"])
    page.get_by_label("damage").uncheck()
    assert (
        page.locator(".mark.damage").first.evaluate(
            "mark => getComputedStyle(mark).textDecorationLine"
        )
        == "none"
    )


def test_note_and_text_lead_to_each_other(
    report: dict[str, Path], browse: Callable[..., Any]
) -> None:
    page = browse(report["reader"])
    page.get_by_role("link", name="Note 2: unbalanced quote", exact=True).click()
    assert page.url.endswith("#n2")
    page.get_by_role("link", name="Back to note 2 in the text").click()
    assert page.url.endswith("#r2")


def test_a_note_leads_to_the_mark_of_the_carrier(
    report: dict[str, Path], browse: Callable[..., Any]
) -> None:
    page = browse(report["reader"])
    page.get_by_role("link", name="See note 1").click()
    assert page.url.endswith("#r1")
    assert page.get_by_role("link", name="Note 1: the ministry", exact=True).is_visible()


# The attributions and positions of a real report

QUOTED = (
    "Troops cross the border\n\n“We saw them at night,” Ann Lee told CNN. “It was cold.”\n\n"
    "Two officials said that 3,000 soldiers had left the camp, according to the ministry.\n"
    "\nAnn Lee lied to voters and betrayed her friends. " + "Ann Lee left. " * 5 + "\n"
)


@pytest.fixture(scope="module")
def attributed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("attributed")
    texts = folder / "texts"
    texts.mkdir()
    for name in ("one", "two"):
        (texts / f"{name}.txt").write_text(f"{QUOTED}\nText {name} ends here.\n", "utf-8")
    made = make_report(texts, out=folder / "out", notebooks=["02", "03"])
    assert not made.failures
    pages = {
        "notebook": "02_attribution_analysis.html",
        "positions": "03_stance_and_tone_comparison.html",
        "reader": "texts/one.html",
    }
    return {name: folder / "out" / page for name, page in pages.items()}


@pytest.mark.kernel
@pytest.mark.parametrize("name", ["notebook", "positions", "reader"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, PHONE])
def test_pages_of_attributions_are_accessible_and_fit(
    attributed: dict[str, Path], browse: Callable[..., Any], name: str, scheme: str, width: int
) -> None:
    page = browse(attributed[name], scheme=scheme, width=width)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert all(image.get_attribute("alt") for image in page.locator("img").all())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.kernel
def test_a_row_leads_to_its_marks_and_a_note_to_its_carrier(
    attributed: dict[str, Path], browse: Callable[..., Any]
) -> None:
    page = browse(attributed["notebook"])
    caption = page.get_by_role("region", name="Statements that come through another")
    caption.get_by_role("link").first.click()
    page.wait_for_selector("mark.here")
    assert "Ann Lee told CNN" in highlighted(page)
    source = page.locator(".mark.source", has_text="Ann Lee").first
    assert source.evaluate("mark => getComputedStyle(mark).borderBottomStyle") == "solid"
    carried = page.locator(".notes li", has_text="Through CNN").first
    carried.get_by_role("link", name="See note").click()
    number = page.url.rpartition("#r")[2]
    assert page.locator(f"#n{number} b").inner_text() == "CNN"


@pytest.mark.kernel
def test_a_strong_sentence_leads_to_its_place(
    attributed: dict[str, Path], browse: Callable[..., Any]
) -> None:
    page = browse(attributed["positions"])
    table = page.get_by_role("region", name="The sentences that are most probably against")
    table.get_by_role("row", name="betrayed").get_by_role("link").first.click()
    page.wait_for_selector("mark.here")
    assert highlighted(page) == "Ann Lee"


@pytest.mark.kernel
def test_marks_of_stance_can_be_read_and_switched_off(
    attributed: dict[str, Path], browse: Callable[..., Any]
) -> None:
    page = browse(attributed["reader"])
    mark = page.locator(".mark.against", has_text="Ann Lee").first
    style = "mark => getComputedStyle(mark).borderTopStyle"
    assert mark.evaluate(style) == "solid"
    page.get_by_role("link", name="against Ann Lee").first.focus()
    page.keyboard.press("Enter")
    note = page.locator(".notes li:target")
    assert "In the author’s own voice." in note.inner_text()
    page.get_by_role("checkbox", name="against").uncheck()
    assert mark.evaluate(style) == "none"
    assert not page.locator(".ref.against").first.is_visible()


# Theme and print


def test_theme_can_be_chosen_and_is_remembered(
    report: dict[str, Path], browse: Callable[..., Any]
) -> None:
    page = browse(report["notebook"])
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    picture = "document.querySelector('.nbh-figure img').currentSrc"
    light, light_picture = page.evaluate(ground), page.evaluate(picture)
    page.get_by_role("button", name="Dark").click()
    while page.evaluate(picture) == light_picture:  # its policy lets no page wait for a function
        page.wait_for_timeout(50)
    assert page.evaluate(ground) != light
    page.reload()
    assert page.evaluate(ground) != light
    assert page.get_by_role("button", name="Light").is_visible()


def test_print_hides_code_and_controls(report: dict[str, Path], browse: Callable[..., Any]) -> None:
    page = browse(report["notebook"], scheme="dark")
    page.emulate_media(media="print")
    for hidden in (".site", "nav.toc", "details.code", ".nbh-tools", "button.theme"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator(".nbh-evidence table").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 36, 41)"
    assert page.pdf().startswith(b"%PDF")


# Hostile texts


def test_hostile_corpus_shows_as_text_and_nothing_runs(
    hostile_corpus: Corpus, tmp_path: Path, browse: Callable[..., Any]
) -> None:
    for document in hostile_corpus:
        body = pd.DataFrame(
            [(0, len(document.text), "body", True)], columns=["start", "end", "kind", "is_content"]
        )
        none = pd.DataFrame([], columns=["start", "end", "kind", "suggestion"])
        path = tmp_path / show.reader_name(document.doc_id)
        path.write_bytes(show.reader_page(document, body, none, facts=document.metadata).encode())
        page = browse(path)
        assert "<script>alert(1)</script>" in page.locator(".raw").inner_text()
        assert "{{ 7 * 7 }}" in page.locator(".raw").inner_text()
        assert page.locator(".raw img, .raw script, .raw style").count() == 0
