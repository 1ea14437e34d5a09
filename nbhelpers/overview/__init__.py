"""What is in a corpus: sizes, words, figures, and how texts differ; one module for each measure.

Everything counts content alone and gives the raw figure beside it where cleaning changes it.
"""

from nbhelpers.overview.cautions import cautions
from nbhelpers.overview.collocation import collocations
from nbhelpers.overview.concordance import concordance
from nbhelpers.overview.dispersion import dispersion
from nbhelpers.overview.diversity import diversity
from nbhelpers.overview.documents import documents, summary
from nbhelpers.overview.frequency import frequencies, ngrams, word_counts
from nbhelpers.overview.keyness import keyness
from nbhelpers.overview.numbers import numbers
from nbhelpers.overview.readability import readability
from nbhelpers.overview.similarity import similarity

__all__ = [
    "cautions",
    "collocations",
    "concordance",
    "dispersion",
    "diversity",
    "documents",
    "frequencies",
    "keyness",
    "ngrams",
    "numbers",
    "readability",
    "similarity",
    "summary",
    "word_counts",
]
