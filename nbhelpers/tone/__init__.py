"""How something is said, and in whose voice: valence, certainty, loaded words, opinion.

All of it is counting of words from lexicons (``data/tone_words.tsv``, and VADER's): each count can
be listed with :func:`tone_words`. Counts tell which wording was chosen, never whom it serves: for a
position towards somebody see the stance tables.
"""

from nbhelpers.tone.lexicon import CATEGORIES, read_lexicon
from nbhelpers.tone.measures import certainty, tone, tone_words

__all__ = ["CATEGORIES", "certainty", "read_lexicon", "tone", "tone_words"]
