"""The terms of a corpus, and how common and how near in meaning their forms are."""

from __future__ import annotations

from array import array

from nbhelpers.retelling.terms import general_share
from nbhelpers.target_sentiment.lexicon import index_of_words


class Vocabulary:
    """Terms numbered as they come, see :func:`nbhelpers.retelling.terms.terms_of`.

    ``codes``: the number of each; ``general``: how common its commonest form is in English, by
    number; ``rows``: of some, the row of their form in the table of word vectors (of several forms
    the first there).
    """

    def __init__(self) -> None:
        """Begin without any term."""
        self.codes: dict[str, int] = {}
        self.general = array("d")
        self.rows: dict[int, int] = {}

    def code(self, term: str, form: str, is_alone: bool) -> int:
        """Return the number of a term, and note its form; ``is_alone``: the form has no other."""
        code = self.codes.setdefault(term, len(self.codes))
        if code == len(self.general):
            self.general.append(0.0)
        self.general[code] = max(self.general[code], general_share(form))
        row = index_of_words().get(form)
        if row is not None and is_alone:
            self.rows[code] = min(row, self.rows.get(code, row))
        return code
