"""Positions compared: how each group's own voice, and those it quotes, speak of whom, and how.

Every share counts rows of :func:`judgements`, every rate words of :func:`tone_evidence`, so that
each figure can be traced to its sentences. All functions take:

- ``by``: what is compared, ``"doc_id"`` (each text) or a column of the metadata such as
  ``"outlet"``; texts without a value there are left out. None: all texts together.
- ``voices``: ``"author"`` (the text's own words, also where the author says "I"), ``"others"`` (the
  words of those it quotes or reports, whom the author chose, and rewords where nothing is quoted),
  or ``"all"``.
- ``min_confidence``: attributions that are less sure lend nobody a voice; the words are the
  author's then.
- ``model``: of attributions and of stances, as for :func:`nbhelpers.stance.classify`.
- ``content_only``: leave page furniture out.
"""

from nbhelpers.positioning.differences import corrected_sides, stance_differences, stance_means
from nbhelpers.positioning.holders import stance_between
from nbhelpers.positioning.judging import (
    ALL_TEXTS,
    FEW,
    MIN_PROBABILITY,
    SIDES,
    judgements,
    strongest,
)
from nbhelpers.positioning.marks import stance_layers
from nbhelpers.positioning.sides import stance_by, voices_apart
from nbhelpers.positioning.wording import tone_by, tone_evidence

__all__ = [
    "ALL_TEXTS",
    "FEW",
    "MIN_PROBABILITY",
    "SIDES",
    "corrected_sides",
    "judgements",
    "stance_between",
    "stance_by",
    "stance_differences",
    "stance_layers",
    "stance_means",
    "strongest",
    "tone_by",
    "tone_evidence",
    "voices_apart",
]
