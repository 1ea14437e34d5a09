"""Dates: found by a grammar of our own, resolved as far as text and metadata allow, and their use.

:func:`date_expressions` lists the dates themselves, :func:`events` the statements that they date.
"""

from nbhelpers.dates.events import events
from nbhelpers.dates.expressions import date_expressions

__all__ = ["date_expressions", "events"]
