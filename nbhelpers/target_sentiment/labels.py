"""The three labels, and how a classifier's opinions become probabilities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

LABELS = ("against", "neutral", "favour")

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


def calibrated(opinion: Doubles, sharpness: float, shift: Floats) -> Doubles:
    """Return probabilities by temperature scaling with a shift for each label (Guo et al. 2017)."""
    return np.asarray(softmax(sharpness * opinion + shift, axis=1))
