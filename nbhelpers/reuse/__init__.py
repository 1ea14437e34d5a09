"""Passages that stand in more than one place: copied word for word, or reworded.

Two texts that share a passage have a common origin: one took it from the other, or both took it
from a third, such as an agency or a press conference. The words alone cannot tell which.

Names, titles and formulas of the trade are long and are shared by texts that have nothing to do
with each other. So a passage must hold enough *evidence*: words that are neither function words nor
part of a formula, a whole name counting once however long it is.

The words of all texts lie in an :class:`~nbhelpers.reuse.index.Index`, in memory or in scratch
files. Pairs of places that may belong to a passage are found by hashes over all of it; then the
passages are made from the words of some texts at a time.
"""

from nbhelpers.reuse.shared import passages, passages_of, reuse_by_pair

__all__ = ["passages", "passages_of", "reuse_by_pair"]
