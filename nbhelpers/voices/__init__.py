"""Whose words these are: the author's own voice, and the voices that an outlet gives room to.

Every function counts the rows of :func:`statements`, so that each figure can be traced to its
places, and takes the same options to select them (:class:`Selection`):

- ``by``: what is compared, ``"doc_id"`` (each text) or a column of the metadata such as
  ``"outlet"``; texts without a value there are left out. The frames call it ``group``.
- ``min_confidence``: attributions with less are left out.
- ``kinds``: which of direct, indirect and mixed attributions are counted.
- ``content_only``: search titles and body alone; if False, embedded posts too. (Other furniture is
  never searched for attributions.)
- ``model``: what finds them, as for :func:`nbhelpers.attribution.attributions`.
"""

from nbhelpers.voices.breakdown import breakdown, density
from nbhelpers.voices.citing import chains, citations
from nbhelpers.voices.layers import layers
from nbhelpers.voices.reporting import reporting, reporting_by, reporting_by_source
from nbhelpers.voices.selection import KINDS, MIN_CONFIDENCE, Selection, statements
from nbhelpers.voices.sharing import counterparts, presence
from nbhelpers.voices.wording import words_by_voice

__all__ = [
    "KINDS",
    "MIN_CONFIDENCE",
    "Selection",
    "breakdown",
    "chains",
    "citations",
    "counterparts",
    "density",
    "layers",
    "presence",
    "reporting",
    "reporting_by",
    "reporting_by_source",
    "statements",
    "words_by_voice",
]
