"""The steps of :func:`nbhelpers.annotate.annotate`: what is made, by which engine, what is kept.

A run is a row of stages. Some go through the whole corpus (``texts``, ``names``, ``joint``); the
others make some tables of one part, some 200 texts, from the tables of the stages before
(``stages``), each part by whatever worker is free (``engines``). While the names are settled, one
worker finds what texts share (``passages``). What a part's marker says is done is not done again
(``work``), so that a run goes on wherever it was broken off.
"""
