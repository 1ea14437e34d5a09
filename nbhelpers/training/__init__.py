"""Code that makes the models of this package again from named data; using them needs none."""
