"""Make the report: a page per notebook, a reader page per text, the tables beside as CSV.

All lies in one folder that needs no network: ``index.html``, the notebooks' pages, ``texts/`` with
a page per text, ``tables/`` with a file per table, and ``manifest.json``, which says what all of it
was made from. What has not changed since the last run is taken over, not made again.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from nbhelpers import show, versions
from nbhelpers.corpus import Corpus, InputError, load_corpus
from nbhelpers.export import TABLES, to_csv
from nbhelpers.extraction.models import DEFAULT, check_model
from nbhelpers.kernels import Kernels, Run
from nbhelpers.loading.annotated import is_annotated, read_manifest
from nbhelpers.loading.problems import problems_of
from nbhelpers.output import Staging, digest, staged
from nbhelpers.params import (
    NOTEBOOKS,
    Parameter,
    find_notebooks,
    notebook_parameters,
    read_cells,
    resolve,
)
from nbhelpers.positioning import stance_layers
from nbhelpers.progress import PATIENCE, TELL_EVERY, step, tell
from nbhelpers.voices import layers

SEEDS = versions.PACKAGE.parent / "seeds"
MADE_BY = "nbhelpers report"
TIMEOUT = 600.0

_LOADING = ("corpus_path", "text_column", "id_column", "metadata")
_MODEL, _MOST = "model", "max_texts"
_FACTS = {
    "outlet": "Outlet",
    "published": "Published",
    "n_words": "Words",
    "n_words_content": "Words without page furniture",
    "file": "File",
}
_TEXTS = "texts and tables"
_MARKS = {"marks of the attributions": layers, "marks of the stances": stance_layers}


@dataclass(frozen=True)
class Report:
    """A report that was made.

    Attributes:
        index: its first page.
        failures: the documents, notebooks and tables that failed, a sentence each.
        run: the names of the notebooks that were run; the others had not changed.
    """

    index: Path
    failures: tuple[str, ...]
    run: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A notebook of the report: what it is called, what it asks, the values it is given."""

    path: Path
    title: str
    question: str
    parameters: Mapping[str, Parameter]
    values: Mapping[str, object]

    @property
    def page(self) -> str:
        """The address of its page below the report's folder."""
        return f"{self.path.stem}.html"


def report(
    source: str | Path | None = None,
    *,
    out: str | Path = "report",
    notebooks: Sequence[str] = (),
    parameters: Mapping[str, object] | None = None,
    text_column: str | None = None,
    id_column: str | None = None,
    metadata: str | Path | None = None,
    model: str | None = None,
    timeout: float | None = TIMEOUT,
    force: bool = False,
) -> Report:
    """Make a report of a corpus, or bring one up to date.

    Args:
        source: a folder or file of texts, or an annotated folder, see
            :func:`nbhelpers.corpus.load_corpus`; the seed texts if none is given.
        out: the folder of the report. One that an earlier report made is replaced; files in it that
            no report made stay; any other folder is refused.
        notebooks: numbers, names or paths of the notebooks to run; all of ``notebooks/`` if none.
        parameters: values for parameters of the notebooks, by name; a notebook that has no such
            parameter goes without it. Text is read by the parameter's type.
        text_column, id_column, metadata: see :func:`nbhelpers.corpus.load_corpus`.
        model: ``accurate`` or ``fast``, for all notebooks, tables and pages alike; the parameter
            ``model`` means the same. By default that of an annotated folder, else ``accurate``,
            where onnxruntime is installed.
        timeout: the seconds that one cell of a notebook may take; None for no limit.
        force: make everything again, also what has not changed.

    Raises:
        InputError: the input, the output folder or a parameter cannot be used; nothing is written.
    """
    path = _existing(source)
    loading = _loading(path, text_column, id_column, metadata)
    given = dict(parameters or {})
    annotated = read_manifest(path) if is_annotated(path) else None
    of_folder = annotated["options"][_MODEL] if annotated else None
    model = _chosen_model(model, given.pop(_MODEL, None), of_folder)
    plans = _plans(find_notebooks(notebooks, NOTEBOOKS), given, loading, model)
    links = [show.Link("Overview", "index.html"), *(show.Link(p.title, p.page) for p in plans)]
    inputs = [path, Path(metadata)] if metadata else [path]
    with (
        staged(Path(out), made_by=MADE_BY, apart_from=inputs) as staging,
        Kernels(cwd=path.parent, timeout=timeout) as kernels,
    ):
        with step("reading the texts"):
            corpus = load_corpus(
                path,
                text_column=text_column,
                id_column=id_column,
                metadata=metadata,
                sample=_most_texts(plans),
            )
        software = versions.software()
        name = annotated["input"]["name"] if annotated else path.name
        base = digest([name, _fingerprint(corpus), software, links])
        texts_key = digest([base, model])
        to_run = [p for p in plans if force or not staging.keep(p.page, _key(p, base))]
        runs = {kernels.submit(plan.path, plan.values): plan for plan in to_run}
        failures = [str(problem) for problem in problems_of(corpus.problems) if problem.lost]
        if force or not staging.keep(_TEXTS, texts_key):
            failures += _write_texts(corpus, staging, links, texts_key, model)
        failed = _write_pages(runs, staging, links, base)
        about = {**software, _MODEL: model}
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        index = _index(name, corpus, plans, failed, staging, links, about, made_at)
        manifest = _manifest(name, corpus, plans, failed, about, made_at)
        staging.finish({"index.html": index}, manifest)
    return Report(
        Path(out) / "index.html",
        (*failures, *failed.values()),
        tuple(plan.path.stem for plan in to_run),
    )


def _chosen_model(model: str | None, parameter: object, of_folder: object) -> str:
    if model and parameter and model != parameter:
        raise InputError(f"Both {model!r} and {parameter!r} are asked for as the model; name one.")
    return check_model(str(model or parameter or of_folder or DEFAULT))


def _most_texts(plans: Sequence[Plan]) -> int | None:
    """How many texts the notebooks look at, so that they have their pages and rows; None: all."""
    chosen = [
        plan.values.get(_MOST, plan.parameters[_MOST].default)
        for plan in plans
        if _MOST in plan.parameters
    ]
    numbers = [number for number in chosen if isinstance(number, int)]
    return max(numbers) if numbers and len(numbers) == len(chosen) else None


def _existing(source: str | Path | None) -> Path:
    if source == "":
        raise InputError("INPUT is empty; name a folder or a file of texts.")
    path = Path(SEEDS if source is None else source).resolve()
    if not path.exists():
        raise InputError(f"{path}: there is no such file or folder; name the texts as INPUT.")
    return path


def _loading(
    path: Path, text_column: str | None, id_column: str | None, metadata: str | Path | None
) -> dict[str, object]:
    """Return how a notebook reads the same texts, seen from the folder in which they lie.

    A notebook runs there, so that no path of this machine gets into a page.
    """
    beside = os.path.relpath(Path(metadata).resolve(), path.parent) if metadata else None
    values = (path.name or ".", text_column, id_column, beside)
    return {name: value for name, value in zip(_LOADING, values, strict=True) if value is not None}


def _plans(
    paths: Sequence[Path], given: Mapping[str, object], loading: Mapping[str, object], model: str
) -> list[Plan]:
    for name in set(given) & set(_LOADING):
        raise InputError(
            f"The parameter “{name}” follows from INPUT, --text-column, --id-column and "
            "--metadata; use these."
        )
    known = {path.name: notebook_parameters(path) for path in paths}
    for notebook, parameters in known.items():
        for name in loading if "corpus_path" in parameters else ():
            if name not in parameters:
                raise InputError(
                    f"{notebook}: has no parameter “{name}”, so it cannot read this input."
                )
    values = resolve(known, given)
    fixed = {**loading, _MODEL: model}
    return [
        Plan(
            path,
            *_title_and_question(path),
            known[path.name],
            {n: v for n, v in fixed.items() if n in known[path.name]} | values[path.name],
        )
        for path in paths
    ]


def _title_and_question(notebook: Path) -> tuple[str, str]:
    """Return a notebook's first heading and the first paragraph, both as plain text."""
    cells = (cell["source"] for cell in read_cells(notebook) if cell["cell_type"] == "markdown")
    blocks = [re.sub(r"\s+", " ", b).strip() for b in re.split(r"\n\s*\n|\n(?=#)", next(cells, ""))]
    plain = [re.sub(r"\*\*|\*|`", "", block) for block in blocks if block]
    title = next((block.lstrip("# ") for block in plain if block.startswith("#")), notebook.stem)
    return title, next((block for block in plain if not block.startswith("#")), "")


def _fingerprint(corpus: Corpus) -> str:
    texts = hashlib.sha256()
    for document in corpus:
        texts.update(repr((document.doc_id, document.file, document.notes)).encode())
        texts.update(repr(sorted(document.metadata.items())).encode())
        texts.update(hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).digest())
    texts.update(repr(problems_of(corpus.problems)).encode())
    return texts.hexdigest()


def _key(plan: Plan, base: str) -> str:
    notebook = hashlib.sha256(plan.path.read_bytes()).hexdigest()
    return digest([base, notebook, plan.values])


def _write_texts(
    corpus: Corpus, staging: Staging, links: Sequence[show.Link], key: str, model: str
) -> list[str]:
    """Write the tables and the reader pages; return what failed."""
    frames: dict[str, pd.DataFrame] = {}
    failures = []
    for name, compute in ({n: t.of for n, t in TABLES.items()} | _MARKS).items():
        with step(f"the table {name}"):
            try:
                frames[name] = compute(corpus, model=model)
            except Exception as error:
                failures.append(f"The table {name}: {type(error).__name__}: {error}")
                continue
            if name in TABLES:
                staging.write(_TEXTS, f"tables/{name}.csv", to_csv(frames[name]))
    with step("the texts' pages"):
        failures += _write_readers(corpus, frames, staging, links, model)
    counts = {name: len(frames[name]) for name in TABLES if name in frames}
    staging.note(_TEXTS, key=None if failures else key, counts=counts)
    return failures


def _write_readers(
    corpus: Corpus,
    frames: Mapping[str, pd.DataFrame],
    staging: Staging,
    links: Sequence[show.Link],
    model: str,
) -> list[str]:
    """Write a page for each text whose segments are known; return what failed."""
    if not {"documents", "segments", "damage"} <= set(frames):
        return ["The texts' pages: a table that they need has failed."]
    facts = _facts(frames["documents"])
    marks = [frames[name] for name in _MARKS if name in frames]
    needed = {name: frames[name] for name in ("segments", "damage")}
    needed |= {"layers": pd.concat(marks)} if marks else {}
    rows = {name: dict(list(frame.groupby("doc_id"))) for name, frame in needed.items()}
    failures = []
    for document in corpus:
        doc_id = document.doc_id
        here = {name: by_id.get(doc_id, needed[name].iloc[:0]) for name, by_id in rows.items()}
        try:
            page = show.reader_page(
                document,
                here["segments"],
                here["damage"],
                layers=here.get("layers"),
                facts={**facts[doc_id], "Model": model},
                navigation=links,
            )
        except Exception as error:
            failures.append(f"The page of {doc_id}: {type(error).__name__}: {error}")
            continue
        staging.write(_TEXTS, f"texts/{show.reader_name(doc_id)}", page)
    return failures


def _facts(documents: pd.DataFrame) -> dict[str, dict[str, object]]:
    """Return what a text's page says in its head, by doc_id."""
    days = pd.to_datetime(documents["published"]).dt.strftime("%Y-%m-%d")
    shown = documents.assign(published=days).set_index("doc_id")[list(_FACTS)]
    return {
        str(doc_id): dict(zip(_FACTS.values(), row, strict=True))
        for doc_id, *row in shown.itertuples(name=None)
    }


def _write_pages(
    runs: Mapping[Future[Run], Plan], staging: Staging, links: Sequence[show.Link], base: str
) -> dict[str, str]:
    """Write a page for each notebook that was run; return what failed, by page."""
    failed = {}
    for future in _as_they_end(runs):
        run, plan = future.result(), runs[future]
        page = show.notebook_page(
            run.executed, title=plan.title, navigation=links, banner=run.failure
        )
        staging.write(plan.page, plan.page, page)
        staging.note(plan.page, key=None if run.failure else _key(plan, base))
        if run.failure:
            failed[plan.page] = run.failure
    return dict(sorted(failed.items()))


def _as_they_end(runs: Mapping[Future[Run], Plan]) -> Iterator[Future[Run]]:
    """Give out each run as it ends, and tell meanwhile how far the others are."""
    waiting = set(runs)
    patience = PATIENCE
    while waiting:
        ended, waiting = wait(waiting, timeout=patience, return_when="FIRST_COMPLETED")
        yield from sorted(ended, key=lambda future: runs[future].page)
        if not ended:
            names = ", ".join(sorted(runs[future].path.stem for future in waiting))
            tell(f"running {names} ...")
            patience = TELL_EVERY


def _index(
    source: str,
    corpus: Corpus,
    plans: Sequence[Plan],
    failed: Mapping[str, str],
    staging: Staging,
    links: Sequence[show.Link],
    software: Mapping[str, object],
    made_at: str,
) -> str:
    counts = staging.parts[_TEXTS]["counts"]
    texts = (
        TABLES["documents"].compute(corpus)
        if "documents" in counts
        else pd.DataFrame({"doc_id": corpus.doc_ids})
    )
    return show.index_page(
        title=f"Report on {source}",
        documents=texts,
        drawn_from=corpus.drawn_from,
        notebooks=[
            show.NotebookCard(plan.title, plan.page, plan.question, failed.get(plan.page))
            for plan in plans
        ],
        tables=[
            show.TableFile(f"tables/{name}.csv", n_rows, TABLES[name].description)
            for name, n_rows in counts.items()
        ],
        problems=problems_of(corpus.problems),
        provenance={
            "Input": source,
            "Texts": len(corpus),
            "Model": f"{software[_MODEL]} (of attributions, stances, and what rests on them)",
            **_settings(plans),
            "nbhelpers": software["nbhelpers"],
            "Python": software["python"],
        },
        made_at=made_at,
        navigation=links,
    )


def _settings(plans: Sequence[Plan]) -> dict[str, str]:
    """Return the parameters of each notebook that were not left at their defaults, in words."""
    changed = {
        plan.title: ", ".join(
            f"{name} = {value!r}"
            for name, value in plan.values.items()
            if name not in (*_LOADING, _MODEL) and value != plan.parameters[name].default
        )
        for plan in plans
    }
    return {f"Parameters of {title}": text or "the defaults" for title, text in changed.items()}


def _manifest(
    source: str,
    corpus: Corpus,
    plans: Sequence[Plan],
    failed: Mapping[str, str],
    software: Mapping[str, object],
    made_at: str,
) -> dict[str, object]:
    return {
        "made_by": MADE_BY,
        "made_at": made_at,
        **software,
        "input": source,
        "documents": {
            document.doc_id: {
                "file": document.file,
                "sha256": hashlib.sha256(
                    document.text.encode("utf-8", "surrogatepass")
                ).hexdigest(),
            }
            for document in corpus
        },
        "problems": [asdict(problem) for problem in problems_of(corpus.problems)],
        "notebooks": {
            plan.path.name: {
                "page": plan.page,
                "parameters": {
                    **{name: p.default for name, p in plan.parameters.items()},
                    **plan.values,
                },
                "failure": failed.get(plan.page),
            }
            for plan in plans
        },
    }
