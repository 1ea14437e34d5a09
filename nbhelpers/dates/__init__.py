"""Dates: expressions found by a grammar of our own, and what they mean in their text."""

from nbhelpers.dates.expressions import date_expressions

__all__ = ["date_expressions"]
