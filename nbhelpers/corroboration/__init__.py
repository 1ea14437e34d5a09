"""Which claims agree, update or contradict one another, and how many sources stand behind them.

- :func:`claim_groups`: claims that can be compared, by what they count.
- :func:`verdicts`: how the claims of a group stand to each other, with the reason.
- :func:`provenance`, :func:`joins`, :func:`trails`: on how many sources a group rests, by what
  evidence claims were traced to one source, and by which ways they came into the texts.
- :func:`timeline`, :func:`dated_claims`: what was said to happen when; figures by date.
- :func:`collect`: the claims of a corpus that comes part by part; :func:`claim_groups_of`,
  :func:`verdicts_of`, :func:`provenance_of` and :func:`joins_of` yield the same tables from it.
- :func:`unresolved`: what the texts leave open, and why.

Precision goes before recall throughout: what is not known is *not comparable*, and no figure is
called a contradiction because a date, a place or a claimant was not found.
"""

from nbhelpers.corroboration.chronology import dated_claims, timeline, unresolved
from nbhelpers.corroboration.comparing import verdicts, verdicts_of
from nbhelpers.corroboration.groups import claim_groups, claim_groups_of
from nbhelpers.corroboration.judging import CONFLICTS, VERDICTS
from nbhelpers.corroboration.provenance import (
    SUPPORTS,
    joins,
    joins_of,
    provenance,
    provenance_of,
    trails,
)
from nbhelpers.corroboration.store import (
    Claims,
    collect,
    collect_described,
    repeated_utterances,
)
from nbhelpers.corroboration.times import date_in_words

__all__ = [
    "CONFLICTS",
    "SUPPORTS",
    "VERDICTS",
    "Claims",
    "claim_groups",
    "claim_groups_of",
    "collect",
    "collect_described",
    "date_in_words",
    "dated_claims",
    "joins",
    "joins_of",
    "provenance",
    "provenance_of",
    "repeated_utterances",
    "timeline",
    "trails",
    "unresolved",
    "verdicts",
    "verdicts_of",
]
