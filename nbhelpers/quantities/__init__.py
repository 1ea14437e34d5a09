"""What sentences state in numbers: how many, how much, of what, and what became of it.

A small grammar over the words of one sentence; nothing is guessed from other texts. From the bottom
up: :mod:`~nbhelpers.quantities.words` cuts a sentence into tokens, ``numerals`` reads numbers in
figures and words, ``amounts`` adds hedges, ranges and units, ``refusals`` knows what is no quantity
(dates, ages, names with numbers), ``counted`` finds the noun that is counted, ``status`` what
happened to it and where, and ``reading`` puts them together.
"""
