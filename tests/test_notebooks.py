"""Every notebook: the rules of the house, and a run through papermill on the seed texts."""

import ast
from pathlib import Path
from typing import get_args

import nbformat
import pytest

from nbhelpers.corpus import InputError
from nbhelpers.kernels import Kernels
from nbhelpers.params import NOTEBOOKS, notebook_parameters, read_cells, resolve

SEEDS = Path(__file__).parent.parent / "seeds"
ALL = sorted(NOTEBOOKS.rglob("*.ipynb"))

every_notebook = pytest.mark.parametrize(
    "notebook", ALL, ids=[path.relative_to(NOTEBOOKS).as_posix() for path in ALL]
)


def sources(notebook, cell_type):
    return [cell["source"] for cell in read_cells(notebook) if cell["cell_type"] == cell_type]


@every_notebook
def test_it_is_valid_and_holds_no_outputs(notebook):
    nbformat.validate(nbformat.read(notebook, as_version=4))
    for cell in read_cells(notebook):
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@every_notebook
def test_it_is_short_and_defines_no_functions(notebook):
    assert len(read_cells(notebook)) <= 30
    for source in sources(notebook, "code"):
        assert source.count("\n") < 12, source
        nodes = ast.walk(ast.parse(source))
        assert not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in nodes), source


@every_notebook
def test_what_a_cell_shows_stands_at_its_end(notebook):
    """A kernel shows the value of a cell's last line alone."""
    for source in sources(notebook, "code"):
        calls = [ast.unparse(line) for line in ast.parse(source).body if isinstance(line, ast.Expr)]
        lost = [call for call in calls if call.startswith("show.")]
        lost = [call for call in lost if not call.startswith("show.style(")]
        assert lost[:-1] == [], source
        assert not lost or ast.unparse(ast.parse(source).body[-1]) == lost[-1], source


@every_notebook
def test_it_says_how_many_texts_it_looks_at(notebook):
    notes = [source for source in sources(notebook, "code") if "corpus.scope" in source]
    assert len(notes) == 1
    assert "show.note(" in notes[0].partition("corpus.scope")[0] + notes[0].rpartition("\n")[2]


@every_notebook
def test_it_opens_with_a_title_and_a_question(notebook):
    first = read_cells(notebook)[0]
    assert first["cell_type"] == "markdown"
    assert first["source"].startswith("# ")
    assert "?" in first["source"]


@every_notebook
def test_its_parameters_say_where_the_texts_are(notebook):
    parameters = notebook_parameters(notebook)
    assert next(iter(parameters)) == "corpus_path"
    assert {"text_column", "id_column", "metadata"} <= set(parameters)
    assert (notebook.parent / str(parameters["corpus_path"].default)).is_dir()


def changed(parameter):
    """Return another value than the default, or the default if only the author knows others."""
    for kind in parameter._alternatives:
        if type(parameter.default) is bool:
            return not parameter.default
        if type(parameter.default) is int:
            return parameter.default + 1
        for choice in get_args(kind):
            if isinstance(choice, str) and choice != parameter.default:
                return choice
    return parameter.default


@pytest.mark.kernel
@every_notebook
@pytest.mark.parametrize("change", [False, True], ids=["default", "changed"])
def test_it_runs_through(notebook, change):
    loading = ("corpus_path", "text_column", "id_column", "metadata")
    parameters = notebook_parameters(notebook)
    values = {
        name: changed(parameter)
        for name, parameter in parameters.items()
        if change and name not in loading
    }
    # The defaults must do where JupyterLab starts the notebook: in the folder where it lies.
    with Kernels(cwd=notebook.parent, timeout=300) as kernels:
        run = kernels.submit(notebook, values).result()
    assert run.failure is None
    outputs = [output for cell in run.executed.cells for output in cell.get("outputs", [])]
    assert outputs
    assert not [output.text for output in outputs if output.get("name") == "stderr"]


ATTRIBUTED = "“It is over,” Ann Lee said. Bo Day told CNN that 3,000 troops had left the camp."
CORPORA = {
    "one text": "doc_id,text\na,%s",
    "no attribution": "doc_id,text\na,Rain fell on the coast.\nb,The roads were wet and empty.",
    "outlets": "doc_id,outlet,text\na,Gazette,%s\nb,Gazette,%s\nc,Herald,%s\nd,,%s",
    "outlets of a hostile name": "doc_id,outlet,text\na,<b>$x$ {0} \\,%s\nb,The <script>,%s",
}


@pytest.mark.kernel
@every_notebook
@pytest.mark.parametrize("table", CORPORA.values(), ids=CORPORA)
def test_it_runs_through_on_small_tables(notebook, table, tmp_path):
    path = tmp_path / "texts.csv"
    path.write_text(table.replace("%s", f'"{ATTRIBUTED}"'), encoding="utf-8")
    with Kernels(cwd=tmp_path, timeout=300) as kernels:
        run = kernels.submit(notebook, {"corpus_path": path.name}).result()
    assert run.failure is None


POOR = {
    "no word at all": ["... !!! ???"],
    "one word": ["Hello"],
    "nothing twice": ["Quick brown foxes jump over lazy dogs while seven wizards brew quartz."],
    "nothing but furniture": ["Share this article\n\nLike\n\nSubscribe to our newsletter\n"],
    "words in one text alone": ["Rain fell on the coast, officials said on Monday.", "..."],
    "right to left": ["أعلنت وزارة الدفاع اليوم أن القوات تقدمت نحو المدينة. "] * 3,
    "the same text": ["The minister said that 3,000 troops had crossed the border."] * 3,
}


@every_notebook
@pytest.mark.parametrize("texts", POOR.values(), ids=POOR)
def test_it_runs_through_where_there_is_little_to_count(notebook, texts, tmp_path):
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    names = {}
    for cell in read_cells(notebook):
        if cell["cell_type"] == "code":
            exec(cell["source"], names)
        if "parameters" in cell["metadata"].get("tags", []):
            names["corpus_path"] = str(tmp_path)


@every_notebook
def test_wrong_parameters_are_refused(notebook):
    parameters = {notebook.name: notebook_parameters(notebook)}
    for name, parameter in parameters[notebook.name].items():
        with pytest.raises(InputError, match=name):
            resolve(parameters, {name: object()})
        with pytest.raises(InputError, match="Did you mean"):
            resolve(parameters, {f"{parameter.name}s_": "x"})
