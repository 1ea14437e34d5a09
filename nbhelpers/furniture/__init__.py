"""Tell a text's content from the furniture of the page it was taken from.

One text at a time, paragraph by paragraph: rules look at phrases (from the lexicon in
``data/page_furniture.tsv``), at form (dates, lists of link labels, capitals) and at position (what
stands before the first and after the last paragraph of the story). Each rule labels what it is sure
of; what no rule has claimed is body. A sentence of the story that is lost costs more than a line of
furniture that is kept, so every rule is made to miss rather than to overreach.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

from nbhelpers.furniture.blocks import CONTENT_KINDS, Block, block_of, line_key
from nbhelpers.furniture.dates import label_dates
from nbhelpers.furniture.head import label_head
from nbhelpers.furniture.lines import label_counters, label_menus, label_phrases
from nbhelpers.furniture.posts import label_embeds
from nbhelpers.furniture.run_in import parts_of
from nbhelpers.furniture.sections import label_fragments, label_sections
from nbhelpers.furniture.site import keep_some_story, label_between, label_repeated, label_tail
from nbhelpers.text import Span

__all__ = ["CONTENT_KINDS", "label", "line_key"]

RULES: tuple[Callable[[list[Block]], None], ...] = (
    label_embeds,
    label_dates,
    label_phrases,
    label_menus,
    label_counters,
    label_head,
    label_sections,
    label_between,
    label_fragments,
    label_tail,
    keep_some_story,
)


def label(
    text: str, spans: Sequence[Span], *, repeated: AbstractSet[str] = frozenset()
) -> list[tuple[int, int, str]]:
    """Label the paragraphs of one text with their segment kind.

    ``spans`` are the paragraphs (see :func:`nbhelpers.text.paragraph_spans`), ``repeated`` the
    lines that recur in other texts (see :func:`nbhelpers.cleaning.repeated_lines`). Returns (start,
    end, kind), which tile the paragraphs; a paragraph is parted where its last sentences are
    furniture.

    >>> lines = ["Storm hits coast", "By Ann Lee", "It rained all day and then all night.", "Share"]
    >>> text = "\\n".join(lines)
    >>> from nbhelpers.text import paragraph_spans
    >>> [kind for _, _, kind in label(text, paragraph_spans(text))]
    ['title', 'credit', 'body', 'share_widget']
    """
    blocks = [block_of(text, *part) for span in spans for part in parts_of(text, *span)]
    if repeated:
        label_repeated(blocks, repeated)
    for rule in RULES:
        rule(blocks)
    return [(b.start, b.end, b.kind or "body") for b in blocks]
