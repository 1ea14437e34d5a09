"""Parameters of notebooks: what is read from the cell, what is taken, what is refused."""

import ast
import json
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbhelpers.corpus import InputError
from nbhelpers.params import describe, find_notebooks, notebook_parameters, resolve

CELL = """corpus_path: str = "seeds"  # the texts: a folder or a file
text_column: str | None = None  # the column of a table that holds the text
top_n: int = 10  # rows a table shows
share: float = 0.5  # smallest share
with_raw: bool = True  # show the raw figures too
words: list[str] = ["a", "b"]  # words to look up
sizes: list[int] = [2, 3]  # lengths of the n-grams
measure: Literal["g2", "dice"] = "g2"  # how pairs are ranked # by default
limit: int | str = "all"  # a number, or all"""


@pytest.fixture
def notebook(tmp_path):
    def write(source, *, tags=("parameters",), name="01_look.ipynb"):
        cells = [
            {"cell_type": "code", "metadata": {"tags": [tag]}, "source": source.splitlines(True)}
            for tag in tags
        ]
        path = tmp_path / name
        path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
        return path

    return write


@pytest.fixture
def parameters(notebook):
    return notebook_parameters(notebook(CELL))


def test_names_types_defaults_and_help_come_from_the_cell(parameters):
    assert list(parameters)[:3] == ["corpus_path", "text_column", "top_n"]
    text_column = parameters["text_column"]
    assert (text_column.type, text_column.default) == ("str | None", None)
    assert parameters["words"].default == ["a", "b"]
    assert parameters["top_n"].help == "rows a table shows"


def test_a_notebook_without_the_cell_has_no_parameters(notebook):
    assert notebook_parameters(notebook("x = 1", tags=("other",))) == {}


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("corpus_path", "5", "5"),
        ("text_column", "None", None),
        ("text_column", "body", "body"),
        ("top_n", "-5", -5),
        ("top_n", 7, 7),
        ("share", "1e-3", 0.001),
        ("share", 1, 1.0),
        ("with_raw", "no", False),
        ("with_raw", "TRUE", True),
        ("words", "a, b c", ["a", "b c"]),
        ("words", '["a, b"]', ["a, b"]),
        ("words", "", []),
        ("sizes", "4,5", [4, 5]),
        ("sizes", [4], [4]),
        ("measure", "dice", "dice"),
        ("limit", "5", 5),
        ("limit", "all", "all"),
    ],
)
def test_values_are_read_by_their_type(parameters, name, value, wanted):
    taken = parameters[name].read(value)
    assert taken == wanted
    assert type(taken) is type(wanted)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("top_n", "ten"),
        ("top_n", "1.5"),
        ("top_n", "٥"),
        ("top_n", True),
        ("top_n", 1.0),
        ("share", "nan"),
        ("share", "inf"),
        ("with_raw", "maybe"),
        ("with_raw", 1),
        ("sizes", "4,x"),
        ("sizes", "[4, 0.5]"),
        ("sizes", "[4"),
        ("words", [1]),
        ("measure", "mi"),
        ("corpus_path", None),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(parameters, name, value):
    with pytest.raises(InputError) as refused:
        resolve({"01_look": parameters}, {name: value})
    message = str(refused.value)
    for part in ("01_look", f'"{name}"', parameters[name].type, repr(value)):
        assert part in message
    assert "\n" not in message


def test_an_unknown_name_is_refused_with_the_nearest_one(parameters):
    with pytest.raises(InputError, match=r'no parameter "topn".*Did you mean "top_n"\?'):
        resolve({"01_look": parameters}, {"topn": "5"})


def test_a_name_far_from_all_is_refused_with_the_list(parameters):
    with pytest.raises(InputError, match=r"They are: corpus_path, limit"):
        resolve({"01_look": parameters}, {"zzzz": "5"})


def test_each_notebook_takes_what_it_knows(parameters, notebook):
    other = notebook_parameters(notebook("top_n: str = 'x'  # other", name="02.ipynb"))
    values = resolve({"01": parameters, "02": other}, {"top_n": "5", "share": "1"})
    assert values == {"01": {"top_n": 5, "share": 1.0}, "02": {"top_n": "5"}}


@pytest.mark.parametrize(
    "line",
    [
        "top_n = 10  # no type",
        "top_n: int  # no value",
        "top_n: int = 10",
        "top_n: int = 5 + 5  # not a plain value",
        "top_n: int = open('x')  # a call",
        "top_n: int = 'ten'  # another type",
        "top_n: complex = 1j  # unknown type",
        "top_n: list[list[str]] = []  # unknown type",
        "top_n: Literal[x] = 1  # a name as a choice",
        "a.b: int = 1  # no plain name",
        "import os  # a statement",
        "top_n: int = (  # not Python",
        "top_n: int = 1  # once\ntop_n: int = 2  # twice",
    ],
)
def test_a_cell_of_another_form_is_refused(notebook, line):
    with pytest.raises(InputError, match=r"01_look\.ipynb"):
        notebook_parameters(notebook(line))


def test_two_tagged_cells_are_refused(notebook):
    with pytest.raises(InputError, match="more than one cell"):
        notebook_parameters(notebook(CELL, tags=("parameters", "parameters")))


@pytest.mark.parametrize("content", ["", "[]", '{"cells": 3}', '{"nothing": 1}'])
def test_a_file_that_is_no_notebook_is_refused(tmp_path, content):
    path = tmp_path / "broken.ipynb"
    path.write_text(content)
    with pytest.raises(InputError, match=r"broken\.ipynb"):
        notebook_parameters(path)


def test_the_cell_is_never_run(notebook, tmp_path):
    trap = tmp_path / "trap"
    with pytest.raises(InputError):
        notebook_parameters(notebook(f"x: int = open({str(trap)!r}, 'w') and 1  # trap"))
    assert not trap.exists()


def test_notebooks_are_found_by_number_name_and_path(notebook, tmp_path):
    first = notebook(CELL)
    second = notebook(CELL, name="02_more.ipynb")
    elsewhere = tmp_path / "other" / "mine.ipynb"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(first.read_bytes())
    assert find_notebooks([], tmp_path) == [first, second]
    assert find_notebooks(["02"], tmp_path) == [second]
    assert find_notebooks(["02_more", "01_look.ipynb"], tmp_path) == [first, second]
    assert find_notebooks([str(elsewhere), "01"], tmp_path) == [first, elsewhere]


def test_a_notebook_that_is_not_there_is_refused_with_those_that_are(notebook, tmp_path):
    notebook(CELL)
    with pytest.raises(InputError, match=r"no notebook “7”; there are: 01_look"):
        find_notebooks(["7"], tmp_path)
    with pytest.raises(InputError, match="no notebook in this folder"):
        find_notebooks([], tmp_path / "nowhere")


def test_help_shows_type_default_and_help(parameters):
    assert "top_n: int = 10\n    rows a table shows" in describe(parameters.values())


HOSTILE = st.text(st.characters(codec=None)) | st.sampled_from(
    ['"', "'''", "\\", '\\"); import os #', "a\nb\r\u2028c", "{x} {{y}}", "\ud800", "%s\0", "é𝄞"]
)


@settings(deadline=None)  # the first call imports papermill
@given(st.lists(HOSTILE, max_size=3), HOSTILE)
def test_values_reach_the_notebook_as_they_are_and_never_as_code(words, path):
    from papermill.translators import PythonTranslator

    source = PythonTranslator.codify({"words": words, "path": path})
    module = ast.parse(source)
    written = SimpleNamespace(
        **{node.targets[0].id: ast.literal_eval(node.value) for node in module.body}
    )
    assert written.words == words
    assert written.path == path
