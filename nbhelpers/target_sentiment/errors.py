"""How often a classifier of stance takes one label for another, as measured when it was made."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from nbhelpers.corpus import InputError
from nbhelpers.target_sentiment.labels import LABELS

FILE = Path(str(files("nbhelpers") / "models" / "stance_errors.tsv"))

Ints = npt.NDArray[np.int64]


def confusion(*, model: str, file: Path = FILE) -> pd.DataFrame:
    """Return how many gold mentions of each label (rows) got each label (columns).

    The mentions are those that the model card of ``model`` names, none of which the classifier had
    seen in training.

    Raises:
        InputError: nothing was measured for a model of this name.

    >>> confusion(model="fast").columns.tolist()
    ['against', 'neutral', 'favour']
    """
    counts = pd.read_csv(file, sep="\t").set_index("model")
    if model not in counts.index:
        known = ", ".join(dict.fromkeys(counts.index))
        raise InputError(f"The errors of a model {model!r} are not known; those known: {known}.")
    return counts.loc[model].set_index("label").rename_axis(None)[list(LABELS)]


def counted(labels: Ints, found: Ints) -> pd.DataFrame:
    """Count how many mentions of each label (rows) were given each (columns), both by number."""
    counts = np.zeros((len(LABELS), len(LABELS)), dtype=np.int64)
    np.add.at(counts, (labels, found), 1)
    return pd.DataFrame(counts, index=list(LABELS), columns=list(LABELS))


def save_confusion(file: Path, counts: pd.DataFrame, *, model: str) -> None:
    """Write how a model errs into the table, in the place of what is there for it."""
    rows = (
        counts.rename_axis("label").reset_index().assign(model=model)[["model", "label", *LABELS]]
    )
    if file.exists():
        others = pd.read_csv(file, sep="\t")
        rows = pd.concat([others[others["model"] != model], rows])
    rows.sort_values("model", kind="stable").to_csv(file, sep="\t", index=False)
