"""What a notebook may be asked to do differently: its parameters, strict and typed.

The parameters of a notebook are the lines of its cell tagged ``parameters``, each of the form
``name: type = value  # help``. The cell is parsed, never run. Types are str, int, float, bool,
None, ``list[str]``, ``list[int]``, ``list[float]``, ``Literal[...]`` and unions of them.
"""

from __future__ import annotations

import ast
import difflib
import io
import json
import math
import re
import tokenize
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import GenericAlias, NoneType
from typing import Any, Literal, get_args, get_origin

from nbhelpers.corpus import InputError

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"

_SIMPLE: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_INT = re.compile(r"[+-]?[0-9]+")
_FORM = "name: type = value  # help"


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook; ``type`` is written as in the notebook."""

    name: str
    type: str
    default: object
    help: str
    _alternatives: tuple[Any, ...]

    def read(self, value: object) -> object:
        """Return a value given from outside as a value of this parameter's type.

        Text is read by the type: ``5`` for an int, ``yes``, ``no``, ``true`` or ``false`` for a
        bool, ``a, b`` or ``["a", "b"]`` for a list, ``None`` where None is allowed. A value that
        is no text must have the right type already.

        Raises:
            ValueError: the value does not fit.
        """
        for kind in self._alternatives:
            try:
                return _parse(kind, value) if isinstance(value, str) else _check(kind, value)
            except ValueError:
                continue
        raise ValueError(f'the parameter "{self.name}" takes {self.type}, not {value!r}')


def notebook_parameters(notebook: str | Path) -> dict[str, Parameter]:
    """Return the parameters of a notebook, by name, in the order of its parameters cell.

    Raises:
        InputError: the file is no notebook, or a line of the cell is not of the wanted form.
    """
    path = Path(notebook)
    cells = [cell for cell in read_cells(path) if "parameters" in _tags(cell)]
    if len(cells) > 1:
        raise InputError(f"{path.name}: more than one cell is tagged “parameters”; leave one.")
    found: dict[str, Parameter] = {}
    for parameter in _parameters_of_cell(cells[0]["source"], path.name) if cells else ():
        if parameter.name in found:
            raise InputError(f'{path.name}: the parameter "{parameter.name}" is there twice.')
        found[parameter.name] = parameter
    return found


def read_cells(notebook: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook file, each with its source as one string.

    Raises:
        InputError: the file is no notebook.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return [{**cell, "source": "".join(cell["source"])} for cell in cells]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{notebook}: this is no notebook that can be read ({error}).") from error


def find_notebooks(names: Sequence[str], folder: Path) -> list[Path]:
    """Return the notebooks of a folder that are named, all of them if none is, in their order.

    Args:
        names: a number (``01``), a name with or without ``.ipynb``, or the path of a notebook.
        folder: where the notebooks lie that are not named by a path.

    Raises:
        InputError: there is no such notebook.
    """
    there = sorted(folder.glob("*.ipynb"))
    found = [_find_notebook(name, there) for name in names] if names else there
    if not found:
        raise InputError(f"{folder}: there is no notebook in this folder; name one by its path.")
    pages = {"index": "the report's own index"}  # whatever the case: some systems ignore it
    for path in dict.fromkeys(found):
        if path.stem.lower() in pages:
            other = pages[path.stem.lower()]
            raise InputError(f"{path}: its page would have the name of {other}; rename one.")
        pages[path.stem.lower()] = str(path)
    return sorted(set(found), key=lambda path: path.name)


def _find_notebook(name: str, there: Sequence[Path]) -> Path:
    if Path(name).suffix == ".ipynb" and Path(name).is_file():
        return Path(name).resolve()
    stem = name.removesuffix(".ipynb")
    for path in there:
        if stem in (path.stem, path.stem.split("_")[0]):
            return path
    known = ", ".join(path.stem for path in there) or "none"
    raise InputError(f"There is no notebook “{name}”; there are: {known}.")


def resolve(
    notebooks: Mapping[str, Mapping[str, Parameter]], given: Mapping[str, object]
) -> dict[str, dict[str, object]]:
    """Return for each notebook the given values that it takes, read by its types.

    A name has to be a parameter of one notebook at least; the others go without it.

    Args:
        notebooks: the parameters (see :func:`notebook_parameters`) of each notebook, by its name.
        given: values by parameter name; text is read by the parameter's type.

    Raises:
        InputError: no notebook has a parameter of that name, or the value does not fit its type.
    """
    known = sorted({name for parameters in notebooks.values() for name in parameters})
    for name in given:
        if name not in known:
            raise InputError(_unknown(name, known, notebooks))
    return {
        notebook: {
            name: _read(parameters[name], value, notebook)
            for name, value in given.items()
            if name in parameters
        }
        for notebook, parameters in notebooks.items()
    }


def describe(parameters: Iterable[Parameter]) -> str:
    """Return the type, default and help of each parameter, for a reader at a terminal."""
    return "\n".join(
        f"{parameter.name}: {parameter.type} = {parameter.default!r}\n    {parameter.help}"
        for parameter in parameters
    )


def _read(parameter: Parameter, value: object, notebook: str) -> object:
    try:
        return parameter.read(value)
    except ValueError as error:
        raise InputError(f"{notebook}: {error}.") from error


def _unknown(name: str, known: list[str], notebooks: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f' Did you mean "{close[0]}"?' if close else f" They are: {', '.join(known) or 'none'}."
    return f'{", ".join(notebooks)}: there is no parameter "{name}".{hint}'


def _tags(cell: Mapping[str, Any]) -> list[str]:
    tags: list[str] = cell.get("metadata", {}).get("tags", [])
    return tags


def _parameters_of_cell(source: str, file: str) -> list[Parameter]:
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError) as error:
        raise InputError(f"{file}: the parameters cell is not Python ({error}).") from error
    comments = _comments(source)
    found = []
    for statement in statements:
        try:
            found.append(_parameter(statement, comments.get(statement.end_lineno or 0, "")))
        except ValueError as error:
            written = ast.get_source_segment(source, statement)
            raise InputError(
                f"{file}: in the parameters cell, “{written}” is not of the form “{_FORM}” "
                f"({error})."
            ) from error
    return found


def _parameter(statement: ast.stmt, comment: str) -> Parameter:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr()):
            value = ast.literal_eval(statement.value or "")
        case _:
            raise ValueError("a type or a value is missing")
    if not comment:
        raise ValueError("the help is missing")
    alternatives = tuple(sorted(_alternatives(annotation), key=_order))
    parameter = Parameter(name, ast.unparse(annotation), value, comment, alternatives)
    if not any(_fits(kind, value) for kind in alternatives):
        raise ValueError("the value is not of the type")
    return parameter


def _comments(source: str) -> dict[int, str]:
    """Return the comment of each line that has one, by line number."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}


def _alternatives(annotation: ast.expr) -> list[Any]:
    """Return the types that an annotation allows; it is read, never evaluated."""
    match annotation:
        case ast.Name(id=name) if name in _SIMPLE:
            return [_SIMPLE[name]]
        case ast.Constant(value=None):
            return [NoneType]
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _alternatives(left) + _alternatives(right)
        case ast.Subscript(value=ast.Name(id="list"), slice=ast.Name(id=item)) if item in _SIMPLE:
            return [GenericAlias(list, (_SIMPLE[item],))]
        case ast.Subscript(value=ast.Name(id="Literal"), slice=choices):
            values = ast.literal_eval(choices)
            return [Literal[values if isinstance(values, tuple) else (values,)]]
    raise ValueError(f"the type {ast.unparse(annotation)} is not known")


def _order(kind: Any) -> int:
    """Text is tried on the narrow types first, so that ``int | str`` reads 5 as a number."""
    order: list[Any] = [NoneType, Literal, bool, int, float, list, str]
    return order.index(get_origin(kind) or kind)


def _fits(kind: Any, value: object) -> bool:
    if kind is float:
        return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
    if get_origin(kind) is list:
        (item,) = get_args(kind)
        return isinstance(value, list) and all(_fits(item, each) for each in value)
    if get_origin(kind) is Literal:
        return any(type(value) is type(choice) and value == choice for choice in get_args(kind))
    return type(value) is kind


def _check(kind: Any, value: object) -> object:
    if not _fits(kind, value):
        raise ValueError(value)
    return float(value) if kind is float else value  # type: ignore[arg-type]


def _parse(kind: Any, text: str) -> object:
    """Return the value of a type that a text stands for; ValueError if it stands for none."""
    if kind is str:
        return text
    if kind is int and _INT.fullmatch(text):
        return int(text)
    if kind is float:
        return _check(float, float(text))
    if get_origin(kind) is list:
        return _parse_list(get_args(kind)[0], text.strip())
    return _pick(kind, text)


def _pick(kind: Any, text: str) -> object:
    """Return the one of a type's few values that a text names."""
    if kind is bool:
        values: dict[str, object] = {text: _TRUTH[text.lower()]} if text.lower() in _TRUTH else {}
    elif kind is NoneType:
        values = {"None": None}
    else:
        values = {str(choice): choice for choice in get_args(kind)}
    if text not in values:
        raise ValueError(text)
    return values[text]


def _parse_list(item: Any, text: str) -> list[object]:
    if text.startswith("["):
        return [_check(item, each) for each in json.loads(text)]
    return [_parse(item, each.strip()) for each in text.split(",")] if text else []
