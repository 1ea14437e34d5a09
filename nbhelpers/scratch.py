"""Records that are too many for memory: kept in scratch files, read back stretch by stretch."""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import accumulate, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

import numpy as np
import numpy.typing as npt

BUCKETS = 256

Array = npt.NDArray[Any]
Item = TypeVar("Item")


class Scratch:
    """Where records are kept: in a folder, in files that vanish with the process; or in memory."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep records in this folder, which is made if need be; without one, in memory."""
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def records(self, dtype: npt.DTypeLike) -> Records:
        """Return a new, empty store of records."""
        file = TemporaryFile(dir=self._folder) if self._folder else BytesIO()  # noqa: SIM115
        return Records(np.dtype(dtype), file)

    def shelf(self) -> list[Any] | Shelf[Any]:
        """Return a new, empty list of things of any kind."""
        return Shelf(self) if self._folder else []

    def buckets(self, dtype: npt.DTypeLike) -> Buckets:
        """Return new, empty buckets of records."""
        return Buckets(self.records(dtype))


class Records:
    """Records of one type, numbered from 0; new ones go to the end.

    >>> kept = Scratch().records("int64")
    >>> kept.append(np.array([3, 1, 2]))
    >>> len(kept), kept.read(1, 3).tolist()
    (3, [1, 2])
    """

    def __init__(self, dtype: np.dtype[Any], file: IO[bytes]) -> None:
        """Keep records in an open, empty file."""
        self._dtype, self._file, self._size = dtype, file, 0

    def __len__(self) -> int:
        """Return the number of records."""
        return self._size

    def append(self, records: Array) -> None:
        """Put records to the end."""
        self.write(self._size, records)

    def write(self, first: int, records: Array) -> None:
        """Put records in the place of those from number ``first`` on."""
        self._file.seek(first * self._dtype.itemsize)
        self._file.write(np.ascontiguousarray(records, self._dtype).tobytes())
        self._size = max(self._size, first + len(records))

    def read(self, first: int = 0, stop: int | None = None) -> Array:
        """Return the records from number ``first`` up to ``stop``, without it."""
        stop = self._size if stop is None else stop
        self._file.seek(first * self._dtype.itemsize)
        data = self._file.read((stop - first) * self._dtype.itemsize)
        return np.frombuffer(data, self._dtype)


class Buckets:
    """Records parted by a number from 0 to 255, so that each part is small enough for memory."""

    def __init__(self, records: Records) -> None:
        """Keep the records of all buckets in one store."""
        self._records = records
        self._edges: list[Array] = []

    def add(self, records: Array, bucket: Array) -> None:
        """Put each record into its bucket."""
        order = np.argsort(bucket, kind="stable")
        edges = np.searchsorted(bucket[order], np.arange(BUCKETS + 1))
        self._edges.append(edges + len(self._records))
        self._records.append(records[order])

    def __iter__(self) -> Iterator[Array]:
        """Yield the records of one bucket after the other, in the order in which they came."""
        for number in range(BUCKETS):
            spans = (edges[number : number + 2].tolist() for edges in self._edges)
            parts = [self._records.read(first, stop) for first, stop in spans if first < stop]
            yield np.concatenate([self._records.read(0, 0), *parts])


def by_hash(hashes: Array) -> Array:
    """Return the bucket of each hash: hashes of a bucket are smaller than those of the next."""
    return (hashes >> np.uint64(56)).astype(np.int64)


class Shelf(Sequence[Item]):
    """Things of any kind, numbered from 0, pickled one by one; eight bytes each in memory.

    >>> shelf = Shelf(Scratch())
    >>> shelf.append("a"), shelf.append("b"), shelf[1], len(shelf)
    (None, None, 'b', 2)
    """

    def __init__(self, scratch: Scratch) -> None:
        """Begin with an empty shelf."""
        self._records = scratch.records("u1")
        self._edges = array("q", [0])

    def __len__(self) -> int:
        """Return the number of things."""
        return len(self._edges) - 1

    def append(self, item: Item) -> None:
        """Put something to the end."""
        self.extend([item])

    def extend(self, items: Iterable[Item]) -> None:
        """Put several things to the end."""
        pickled = list(map(pickle.dumps, items))
        edges = accumulate(map(len, pickled), initial=len(self._records))
        self._records.append(np.frombuffer(b"".join(pickled), np.uint8))
        self._edges.extend(islice(edges, 1, None))

    def __getitem__(self, number: int) -> Item:  # type: ignore[override]
        """Return a copy of what was put there."""
        first, stop = self._edges[number], self._edges[number + 1]
        item: Item = pickle.loads(self._records.read(first, stop).tobytes())
        return item
