"""From files to a corpus: documents with stable ids, their raw text untouched."""

from __future__ import annotations

import functools
import hashlib
import heapq
import inspect
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol

import pandas as pd

from nbhelpers.loading.annotated import is_annotated, lot, open_folder, problems_in
from nbhelpers.loading.decoding import check_text, decode, too_long
from nbhelpers.loading.files import (
    DOCUMENT_LIMIT,
    KINDS_IN_WORDS,
    File,
    is_archive,
    list_files,
    reading,
)
from nbhelpers.loading.metadata import (
    CANONICAL_NAMES,
    MetadataTable,
    as_id,
    metadata_of,
    text_and_id_columns,
)
from nbhelpers.loading.problems import InputError, Problem, UnreadableError, problem_frame
from nbhelpers.loading.tables import Row, is_table, read_rows

__all__ = [
    "Corpus",
    "Document",
    "InputError",
    "Problem",
    "load_corpus",
    "stream_documents",
    "table",
    "table_key",
]

P = ParamSpec("P")

METADATA_FILE = "corpus.csv"
"""The metadata table of a folder, unless another is named."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it was decoded, and what is known of it from outside."""

    doc_id: str
    text: str
    file: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Store(Protocol):
    """Tables that were made before, see :mod:`nbhelpers.annotate`."""

    model: str | None

    def frame(self, key: str, doc_ids: Iterable[str]) -> pd.DataFrame | None:
        """Return a table's rows of some documents by its :func:`table_key`, None if unknown."""


class Corpus:
    """The documents of a corpus, in the order of their ids, and the tables made from them.

    A table (see :func:`table`) is computed once and kept, so that notebooks can call the plain
    functions as often as they like. With a ``store``, tables that are in it are read, not computed.
    """

    def __init__(
        self,
        documents: Iterable[Document],
        problems: Iterable[Problem] = (),
        *,
        store: Store | None = None,
        drawn_from: int | None = None,
    ) -> None:
        """Keep the documents sorted by id; ids must differ.

        ``drawn_from`` is the size of the corpus of which they are a sample, if they are one.
        """
        in_order = sorted(documents, key=lambda d: d.doc_id)
        self._documents = {d.doc_id: d for d in in_order}
        if len(self._documents) < len(in_order):
            twice = Counter(d.doc_id for d in in_order).most_common(1)[0][0]
            raise InputError(f"Two documents have the id {twice!r}; give each its own.")
        for document in in_order:
            _check_whole_characters(document)
        self._problems = tuple(problems)
        self._store = store
        self.drawn_from = drawn_from
        self._tables: dict[str, pd.DataFrame] = {}

    def __repr__(self) -> str:
        """Return what the corpus holds, in a line."""
        return f"<Corpus: {len(self)} documents, {len(self._problems)} problems>"

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self._documents)

    def __iter__(self) -> Iterator[Document]:
        """Go through the documents in the order of their ids."""
        return iter(self._documents.values())

    def __getitem__(self, doc_id: str) -> Document:
        """Return one document."""
        return self._documents[doc_id]

    @property
    def doc_ids(self) -> list[str]:
        """The ids of all documents, sorted."""
        return list(self._documents)

    @property
    def scope(self) -> str:
        """How much is looked at, in words.

        >>> Corpus([Document("a", "One.", "a.txt")], drawn_from=1200).scope
        'Texts: 1, drawn by lot from 1,200'
        """
        drawn = f", drawn by lot from {self.drawn_from:,}" if self.drawn_from else ""
        return f"Texts: {len(self):,}{drawn}"

    @property
    def model(self) -> str | None:
        """The model by which its stored tables were made, None where there are none."""
        return self._store.model if self._store else None

    def text(self, doc_id: str) -> str:
        """Return the raw text that all offsets point into."""
        return self._documents[doc_id].text

    def stored(
        self, function: Callable[..., pd.DataFrame], **options: object
    ) -> pd.DataFrame | None:
        """Return the rows of a table as they were stored, None where they were not."""
        return self._kept(table_key(function, **options))

    def _kept(self, key: str) -> pd.DataFrame | None:
        return self._store.frame(key, self.doc_ids) if self._store else None

    @property
    def metadata(self) -> pd.DataFrame:
        """What is known of each document from outside, a row each, sorted by doc_id.

        Columns: doc_id, file, sha256 (of the text in UTF-8), title, outlet, published
        (datetime64), genre, note, then all other columns that tables brought. Missing is NA.
        """
        return _metadata(self)

    @property
    def problems(self) -> pd.DataFrame:
        """What could not be read, or only in part, in the order in which it was met.

        Columns: file, place (NA: the whole file), problem, remedy, lost (False where every text
        was read and only its metadata is in doubt).
        """
        return problem_frame(self._problems)

    def subset(self, doc_ids: Iterable[str]) -> Corpus:
        """Return a corpus of some of the documents, with the problems of all.

        >>> corpus = Corpus([Document("a", "One.", "a.txt"), Document("b", "Two.", "b.txt")])
        >>> corpus.subset(["b"]).doc_ids
        ['b']
        """
        wanted = list(dict.fromkeys(doc_ids))
        unknown = [doc_id for doc_id in wanted if doc_id not in self._documents]
        if unknown:
            raise InputError(f"The corpus has no document {unknown[0]!r}; see corpus.doc_ids.")
        documents = (self._documents[doc_id] for doc_id in wanted)
        return Corpus(documents, self._problems, store=self._store)


def _check_whole_characters(document: Document) -> None:
    try:
        document.text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"The text of {document.doc_id!r} holds half a character at {error.start} (a lone "
            "surrogate); replace it, or load the text from a file, which does so."
        ) from None


def table(
    compute: Callable[Concatenate[Corpus, P], pd.DataFrame],
) -> Callable[Concatenate[Corpus, P], pd.DataFrame]:
    """Make a function of a corpus remember its frame for each set of arguments.

    The caller gets a copy (cheap: pandas copies on write), so that nobody spoils another's table.
    """

    @functools.wraps(compute)
    def remembered(corpus: Corpus, /, *args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
        key = table_key(compute, *args, **kwargs)
        if key not in corpus._tables:
            kept = corpus._kept(key)
            frame = compute(corpus, *args, **kwargs) if kept is None else kept
            corpus._tables[key] = frame
        return corpus._tables[key].copy()

    return remembered


def table_key(function: Callable[..., pd.DataFrame], *args: object, **options: object) -> str:
    """Return under which name a table of a corpus is remembered and stored.

    >>> from nbhelpers.cleaning import segments
    >>> table_key(segments)
    'nbhelpers.cleaning.segments()'
    """
    given = _signature(function).bind(None, *args, **options)
    given.apply_defaults()
    shown = ", ".join(f"{name}={_frozen(v)}" for name, v in list(given.arguments.items())[1:])
    return f"{function.__module__}.{function.__qualname__}({shown})"


_signature = functools.cache(inspect.signature)


def _frozen(value: object) -> str:
    """Words that differ wherever two options do: the repr of a long series leaves some out."""
    if isinstance(value, str) or not isinstance(value, Collection):
        return repr(value)
    items = value.items() if isinstance(value, Mapping) else value
    return f"{type(value).__name__}({', '.join(map(_frozen, items))})"


@table
def _metadata(corpus: Corpus) -> pd.DataFrame:
    rows = [
        {
            **document.metadata,
            "doc_id": document.doc_id,
            "file": document.file,
            "sha256": hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest(),
        }
        for document in corpus
    ]
    known = ["doc_id", "file", "sha256", *CANONICAL_NAMES]
    columns = dict.fromkeys([*known, *(name for row in rows for name in row)])
    frame = pd.DataFrame(rows, columns=list(columns))
    dates = pd.to_datetime(frame["published"]).astype("datetime64[s]")
    frame = frame.assign(published=dates).convert_dtypes()
    text = [name for name in frame if isinstance(frame[name].dtype, pd.StringDtype)]
    blank = [name for name in known if name != "published"]
    return frame.astype(dict.fromkeys([*text, *blank], "str"))


def load_corpus(
    path: str | Path,
    *,
    text_column: str | None = None,
    id_column: str | None = None,
    metadata: str | Path | None = None,
    sample: int | None = None,
) -> Corpus:
    """Load a corpus from a folder, a file, a zip archive, or a folder of annotations.

    The arguments, the ids and the errors are those of :func:`stream_documents`; what could not be
    read is in ``corpus.problems``. From a folder that ``nbhelpers annotate`` made, the texts come
    with the tables that were made of them, and nothing is computed again.

    Args:
        path, text_column, id_column, metadata: see :func:`stream_documents`.
        sample: of a larger corpus, draw so many texts (by lot, and the same at every call).

    >>> corpus = load_corpus("seeds")
    >>> corpus
    <Corpus: 5 documents, 0 problems>
    """
    if sample is not None and sample < 1:
        raise InputError(f"A sample of {sample} texts holds none; give 1 or more, or None for all.")
    if is_annotated(Path(path)):
        if text_column or id_column or metadata:
            raise InputError(
                f"{path}: is annotated; its columns and metadata were read then. Leave them out "
                "here, or annotate the texts anew."
            )
        return _annotated(Path(path), sample)
    problems: list[Problem] = []
    items = stream_documents(path, text_column=text_column, id_column=id_column, metadata=metadata)
    documents = _without_problems(items, problems)
    return Corpus(documents, problems) if sample is None else _sample(documents, sample, problems)


def _sample(documents: Iterator[Document], size: int, problems: list[Problem]) -> Corpus:
    counter = count()
    counted = (document for document, _ in zip(documents, counter, strict=False))
    drawn = heapq.nsmallest(size, counted, key=lambda document: lot(document.doc_id))
    total = next(counter)
    return Corpus(drawn, problems, drawn_from=total if total > len(drawn) else None)


def _without_problems(
    items: Iterable[Document | Problem], problems: list[Problem]
) -> Iterator[Document]:
    """The documents; problems are put aside as they come."""
    for item in items:
        if isinstance(item, Document):
            yield item
        else:
            problems.append(item)


def _annotated(folder: Path, sample: int | None) -> Corpus:
    store = open_folder(folder)
    total, rows = store.rows(sample=sample)
    documents = [Document(*row) for row in rows]
    drawn_from = total if total > len(documents) else None
    return Corpus(documents, problems_in(folder), store=store, drawn_from=drawn_from)


def stream_documents(
    path: str | Path,
    *,
    text_column: str | None = None,
    id_column: str | None = None,
    metadata: str | Path | None = None,
) -> Iterator[Document | Problem]:
    """Yield the documents of a folder, file or zip archive one at a time, and all problems.

    One text (at most ``DOCUMENT_LIMIT``, 20 million characters) is in memory at a time, with the
    names of the files, the ids and the metadata table. Files come in the order of their names; the
    text is what was decoded, with its new lines as they were.

    What is read: ``.txt .md .csv .tsv .jsonl .parquet``, with trafilatura also ``.html .htm``, each
    also as ``.gz``, and ``.zip`` archives of these. Hidden files, ``README`` files and the metadata
    table are passed over; everything else, and what is damaged, blank, binary or too long, is
    yielded as a :class:`Problem` while the rest goes on.

    The id of a document is its path inside the corpus without its ending (``a/b.txt`` is ``a/b``);
    where files would share one (``b.txt``, ``b.md``) each keeps its ending. Rows of a table have
    the value of the id column, or ``file#000012`` for the twelfth. Where an id comes again, the
    first document keeps it and the other becomes a Problem.

    Args:
        path: folder (read with its subfolders), file or zip archive.
        text_column: the column that holds the texts; by default ``text``, or the only one called
            body, content, article or full_text.
        id_column: the column that holds the ids; by default ``doc_id``, or the only one called
            id, article_id, text_id or document_id.
        metadata: a table with a row for each text, found by a column ``doc_id`` or ``file`` (the
            path inside the corpus); by default ``corpus.csv`` at the top of the folder. What it
            says goes before what the texts' own table says.

    Raises:
        InputError: there is no such path, nothing in it can be read, or ``metadata`` cannot.
    """
    root = Path(path)
    if not root.exists():
        raise InputError(f"{path}: there is no such file or folder; check the path.")
    with _fatal(path):
        files, problems = list_files(root)
    beside: MetadataTable | None = None
    if root.is_dir() or is_archive(root.name):
        default = [file for file in files if file.name == METADATA_FILE]
        files = [file for file in files if file not in default and not _is_at(root, file, metadata)]
        beside = None if metadata else _default_table(default, problems)
    if metadata:
        with _fatal(metadata):
            beside = MetadataTable(_one_table(Path(metadata)))
    return _joined(root, problems, _read_all(files, text_column, id_column), beside)


@contextmanager
def _fatal(path: str | Path) -> Iterator[None]:
    """Where the fault of one file leaves nothing to go on with, the whole input is at fault."""
    try:
        yield
    except UnreadableError as fault:
        raise InputError(str(fault.at(str(path)))) from None


def _is_at(root: Path, file: File, path: str | Path | None) -> bool:
    return path is not None and (root / file.name).resolve() == Path(path).resolve()


def _one_table(path: Path) -> File:
    if not path.is_file():
        raise UnreadableError("there is no such file", "check the path of the metadata")
    files, _ = list_files(path)
    if len(files) != 1 or not is_table(files[0]):
        raise UnreadableError(
            "metadata must be one table", "name a .csv, .tsv, .jsonl or .parquet file"
        )
    return files[0]


def _default_table(default: list[File], problems: list[Problem]) -> MetadataTable | None:
    """The folder's own metadata; if it cannot be read, the texts go on without."""
    try:
        return MetadataTable(default[0]) if default else None
    except UnreadableError as fault:
        problems.append(replace(fault.at(METADATA_FILE), lost=False))
        return None


def _joined(
    root: Path,
    problems: list[Problem],
    items: Iterable[tuple[str, Document] | Problem],
    beside: MetadataTable | None,
) -> Iterator[Document | Problem]:
    """The documents with their metadata, each id once, and all problems."""
    first: Problem | None = None
    places: dict[str, str] = {}
    for item in chain(problems, beside.problems if beside else (), items):
        if isinstance(item, Problem):
            first = first or item
            yield item
            continue
        place, document = item
        if document.doc_id in places:
            yield _second(document, place, places[document.doc_id])
        else:
            places[document.doc_id] = f"{document.file}, {place}" if place else document.file
            yield _with_row(document, beside) if beside else document
    if not places:
        reason = str(first) if first else f"put {KINDS_IN_WORDS} there."
        raise InputError(f"{root}: no text can be read; {reason}")
    if beside:
        yield from beside.unmatched()


def _second(document: Document, place: str, first: str) -> Problem:
    return Problem(
        document.file,
        place,
        f"its id {document.doc_id!r} is also that of {first}, which is kept",
        "give each document an id of its own",
    )


def _with_row(document: Document, beside: MetadataTable) -> Document:
    row = beside.look_up(document.doc_id, document.file)
    if row is None:
        return replace(document, notes=(*document.notes, f"it has no row in {beside.name}"))
    return replace(document, metadata={**document.metadata, **row})


def _read_all(
    files: list[File], text_column: str | None, id_column: str | None
) -> Iterator[tuple[str, Document] | Problem]:
    """Each document with its place in its file, and each problem."""
    shared = {stem for stem, count in Counter(f.stem for f in files).items() if count > 1}
    for file in files:
        doc_id = file.name if file.stem in shared else file.stem
        try:
            if is_table(file):
                yield from _table_documents(file, doc_id, text_column, id_column)
            else:
                yield "", _text_document(file, doc_id)
        except UnreadableError as fault:
            yield fault.at(file.name)


def _text_document(file: File, doc_id: str) -> Document:
    with reading(file) as stream:
        data = stream.read(DOCUMENT_LIMIT + 1)
    if len(data) > DOCUMENT_LIMIT:
        raise too_long()
    text, notes = decode(data)
    check_text(text)
    if file.kind in (".html", ".htm"):
        return _page(file, doc_id, text, notes)
    return Document(doc_id, text, file.name, {}, notes)


def _page(file: File, doc_id: str, html: str, notes: tuple[str, ...]) -> Document:
    """The article on a web page; of its metadata, only what the page states as its title."""
    try:
        import trafilatura
    except ImportError:
        raise UnreadableError(
            "web pages need the package trafilatura", "install it: pip install trafilatura"
        ) from None
    text = trafilatura.extract(html, include_comments=False)
    if not text:
        raise UnreadableError("no article was found on the page", "save its text as .txt")
    title = trafilatura.extract_metadata(html, extensive=False).title
    extracted = f"the text was taken from a web page by trafilatura {trafilatura.__version__}"
    return Document(doc_id, text, file.name, {"title": title} if title else {}, (*notes, extracted))


def _table_documents(
    file: File, doc_id: str, text_column: str | None, id_column: str | None
) -> Iterator[tuple[str, Document] | Problem]:
    row: Row | Problem | None = None
    for row in read_rows(file):
        if isinstance(row, Problem):
            yield row
            continue
        try:
            text, id_ = text_and_id_columns(row.columns, text_column, id_column)
        except UnreadableError as fault:
            if file.kind != ".jsonl":  # elsewhere all rows have the same columns
                raise
            yield fault.at(file.name, row.place)
            continue
        yield from _row_documents(file, f"{doc_id}#{row.number:06}", row, text, id_)
    if row is None:
        raise UnreadableError("the table has no rows", "add a row for each text")


def _row_documents(
    file: File, numbered: str, row: Row, text_column: str, id_column: str | None
) -> Iterator[tuple[str, Document] | Problem]:
    """The document of a row, and what is wrong with it."""
    text = row.cells.get(text_column, "")
    try:
        if not isinstance(text, str):
            raise UnreadableError(f"column {text_column!r} holds no text here", "put text there")
        check_text(text)
    except UnreadableError as fault:
        yield fault.at(file.name, row.place)
        return
    metadata, fault_ = metadata_of(row, without=(text_column, id_column))
    if fault_:
        yield fault_.at(file.name, row.place)
    doc_id = as_id(row.cells.get(id_column or ""))
    notes = row.encoding.notes(text)
    if id_column and doc_id is None:
        notes = (*notes, f"its cell in column {id_column!r} is blank")
    yield row.place, Document(doc_id or numbered, text, file.name, metadata, notes)
