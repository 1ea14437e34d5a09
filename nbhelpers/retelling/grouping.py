"""Groups of statements that report one utterance, without chains that glue two together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

LINKED = 0.5  # of the pairs between two groups must be pairs that report one utterance


def groups(pairs: Sequence[tuple[int, int]], similarity: Sequence[float]) -> dict[int, int]:
    """Return the group of each item, named by its smallest item.

    The likest pairs join first. Two groups join only where at least half of the pairs between them
    are pairs as well (average linkage over 0 and 1): A like B and B like C is not enough where
    many statements of one speaker are a little alike.

    >>> groups([(1, 2), (2, 3), (3, 4)], [0.9, 0.8, 0.9])
    {1: 1, 2: 1, 3: 3, 4: 3}
    """
    members = {item: [item] for pair in pairs for item in pair}
    group = {item: item for item in members}
    links: dict[int, Counter[int]] = defaultdict(Counter)
    for a, b in pairs:
        links[a][b] += 1
        links[b][a] += 1
    order = sorted(range(len(pairs)), key=lambda i: (-similarity[i], pairs[i]))
    for i in order:
        one, two = sorted((group[pairs[i][0]], group[pairs[i][1]]))
        between = len(members[one]) * len(members[two])
        if one != two and links[one][two] >= LINKED * between:
            _join(one, two, members, group, links)
    return dict(sorted(group.items()))


def _join(
    one: int,
    two: int,
    members: dict[int, list[int]],
    group: dict[int, int],
    links: dict[int, Counter[int]],
) -> None:
    """Put the second group into the first."""
    for item in members[two]:
        group[item] = one
    members[one] += members.pop(two)
    for other, count in links.pop(two).items():
        if other != one:
            links[one][other] += count
            links[other][one] += count
        del links[other][two]
