"""What can be wrong with the input, in words a user can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pandas as pd

PROBLEM_COLUMNS = {**dict.fromkeys(["file", "place", "problem", "remedy"], "str"), "lost": "bool"}


class InputError(ValueError):
    """The input cannot be used at all; the message names the file, the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A document that could not be read, or only with doubt: where, what, and what to do.

    ``place`` is empty where the whole file is meant. ``lost`` is False where every text was read
    and only what is known about it (a date, a row of the metadata table) is in doubt.
    """

    file: str
    place: str
    problem: str
    remedy: str
    lost: bool = True

    def __str__(self) -> str:
        """Return one sentence: file, place, problem, remedy.

        >>> print(Problem("news.csv", "row 3", "the text is blank", "fill it in"))
        news.csv, row 3: the text is blank; fill it in.
        """
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: {self.problem}; {self.remedy}."


def problem_frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """Return problems as a table, in which the place of a whole file is NA.

    >>> problem_frame([Problem("a.txt", "", "it is empty", "fill it")])["place"].isna().tolist()
    [True]
    """
    rows = [{**asdict(problem), "place": problem.place or None} for problem in problems]
    return pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS)).astype(PROBLEM_COLUMNS)


def problems_of(frame: pd.DataFrame) -> list[Problem]:
    """Return the problems that a table names.

    >>> problems_of(problem_frame([Problem("a.txt", "", "it is empty", "fill it")]))[0].place
    ''
    """
    rows = frame.fillna({"place": ""})[list(PROBLEM_COLUMNS)]
    return [Problem(*row) for row in rows.itertuples(index=False, name=None)]


class UnreadableError(Exception):
    """Raised where a file or a place in it cannot be used, by code that knows only the reason."""

    def __init__(self, problem: str, remedy: str, *, lost: bool = True) -> None:
        """Keep the reason and the remedy, both without a full stop."""
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.lost = lost

    def at(self, file: str, place: str = "") -> Problem:
        """Return the same as a :class:`Problem` of that file and place."""
        return Problem(file, place, self.problem, self.remedy, self.lost)
