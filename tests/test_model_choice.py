"""The choice of the model: one parameter, for every table, notebook and page alike."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from test_notebooks import ALL, every_notebook

from nbhelpers import show
from nbhelpers.cli import main
from nbhelpers.corpus import Corpus, Document, InputError, load_corpus
from nbhelpers.encoder import session
from nbhelpers.encoder.session import is_installed
from nbhelpers.export import TABLES
from nbhelpers.extraction import models
from nbhelpers.extraction.models import ACCURATE, DEFAULT, FAST
from nbhelpers.naming import relations
from nbhelpers.params import notebook_parameters, read_cells
from nbhelpers.positioning import stance_layers
from nbhelpers.report import report
from nbhelpers.show.tables import table
from nbhelpers.target_sentiment import models as stance_models
from nbhelpers.voices import layers

SEEDS = Path(__file__).parent.parent / "seeds"
BY_MODEL = {name: table.compute for name, table in TABLES.items() if table.by_model}
BY_MODEL |= {"layers": layers, "stance_layers": stance_layers}
WITH_MODEL = [path for path in ALL if "model" in notebook_parameters(path)]

both_models = pytest.mark.parametrize(
    "model",
    [
        pytest.param(
            ACCURATE,
            marks=pytest.mark.skipif(not is_installed(), reason="onnxruntime is not installed"),
        ),
        FAST,
    ],
)
every_table = pytest.mark.parametrize("compute", BY_MODEL.values(), ids=BY_MODEL)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the models that are loaded while a test runs."""
    names: set[str] = set()
    for module in (relations, stance_models):
        load = module.load_model

        def noted(name: str, load=load):
            names.add(name)
            return load(name)

        monkeypatch.setattr(module, "load_model", noted)
    monkeypatch.setattr("nbhelpers.stance.load_model", stance_models.load_model)
    return names


@pytest.fixture
def no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody load an encoder."""

    def refuse(path: Path) -> None:
        raise AssertionError(f"{path.name} was loaded")

    monkeypatch.setattr(session, "session", refuse)


@pytest.fixture(scope="module")
def seeds() -> dict[str, Corpus]:
    """For each model a corpus of its own, so that no table is remembered from another one."""
    return {model: load_corpus(SEEDS) for model in (ACCURATE, FAST)}


@both_models
@every_table
def test_a_table_rests_on_the_model_that_is_asked_for_alone(
    compute, model: str, seeds: dict[str, Corpus], asked: set[str]
) -> None:
    found = compute(seeds[model], model=model)
    assert len(found)
    assert asked <= {model}
    if "model" in found:
        assert set(found["model"]) == {model}


def test_a_table_that_takes_no_model_loads_none(asked: set[str]) -> None:
    corpus = load_corpus(SEEDS)
    for table_ in TABLES.values():
        if not table_.by_model:
            table_.of(corpus, model=FAST)
    assert asked == set()


def run_cells(notebook: Path, **values: object) -> None:
    names: dict[str, object] = {}
    for cell in read_cells(notebook):
        if cell["cell_type"] == "code":
            exec(cell["source"], names)
        if "parameters" in cell["metadata"].get("tags", []):
            names |= {"corpus_path": str(SEEDS), **values}


@every_notebook
@pytest.mark.usefixtures("no_encoder")
def test_a_notebook_by_the_fast_model_loads_no_other(notebook: Path, asked: set[str]) -> None:
    takes_one = notebook in WITH_MODEL
    run_cells(notebook, **({"model": FAST} if takes_one else {}))
    assert asked == ({FAST} if takes_one else set())


def test_all_notebooks_have_the_same_parameter() -> None:
    of_notebook = [notebook_parameters(path)["model"] for path in WITH_MODEL]
    assert len(WITH_MODEL) >= 3
    assert len({(found.type, found.default, found.help) for found in of_notebook}) == 1


@every_table
@pytest.mark.parametrize("model", ["acurate", "", "FAST", "../models/attribution_fast"])
def test_an_unknown_model_is_refused_with_the_remedy(compute, model: str) -> None:
    with pytest.raises(InputError, match=r"There is no model '.*'; choose 'accurate' or 'fast'\."):
        compute(Corpus([Document("a", "Lee said no.", "a.txt")]), model=model)


@every_table
def test_without_its_package_the_accurate_model_says_what_to_install(
    compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "is_installed", lambda: False)
    with pytest.raises(InputError, match=r"pip install 'nbhelpers\[accurate\]', or .*'fast'"):
        compute(Corpus([Document("a", "Lee said no.", "a.txt")]), model=ACCURATE)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "fst"], "There is no model 'fst'; choose 'accurate' or 'fast'.\n"),
        (["--set", "model=fst"], "There is no model 'fst'; choose 'accurate' or 'fast'.\n"),
        (["--model", "fast", "--set", "model=accurate"], "name one.\n"),
    ],
)
def test_the_command_refuses_a_model_in_one_sentence(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report"
    assert main(["report", str(SEEDS), "--out", str(out), *arguments]) == 2
    assert capsys.readouterr().err.endswith(said)
    assert not out.exists()


def test_each_caption_names_the_model_once(seeds: dict[str, Corpus]) -> None:
    found = TABLES["stances"].of(seeds[FAST], model=FAST)
    show.style(model=FAST)
    try:
        assert repr(table(found[["target"]], caption="Who")).startswith("Who (model: fast)\n")
        assert repr(table(found[["model"]], caption="Who")).startswith("Who\n")
    finally:
        show.style()
    assert repr(table(found[["target"]], caption="Who")).startswith("Who\n")


@pytest.mark.kernel
def test_a_report_is_by_one_model_and_says_so(tmp_path: Path) -> None:
    seed = Path(shutil.copy(next(SEEDS.glob("00*.txt")), tmp_path))
    out = tmp_path / "report"
    made = report(seed, out=out, notebooks=["02"], parameters={"model": FAST})
    assert made.failures == ()
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    notebook = manifest["notebooks"]["02_attribution_analysis.ipynb"]
    assert manifest["model"] == notebook["parameters"]["model"] == FAST
    assert "fast (of attributions" in (out / "index.html").read_text("utf-8")
    (text,) = (out / "texts").glob("*.html")
    assert re.search(r"<dt>Model</dt>\s*<dd[^>]*>fast<", text.read_text("utf-8"))
    page = (out / "02_attribution_analysis.html").read_text("utf-8")
    assert page.count("<caption") + page.count("<figcaption") <= page.count("(model: fast)")
    assert "(model: accurate)" not in page
    written = out / "tables" / "attributions.csv"
    before = written.read_bytes()
    assert report(seed, out=out, notebooks=["02"], model=FAST).run == ()
    if DEFAULT == ACCURATE:
        assert report(seed, out=out, notebooks=["02"]).run == ("02_attribution_analysis",)
        assert written.read_bytes() != before
