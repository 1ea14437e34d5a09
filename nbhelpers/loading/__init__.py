"""How files become texts: finding and unpacking, decoding, tables, metadata.

Everything here serves :mod:`nbhelpers.corpus`, which is the way in.
"""
