"""Code that makes the models of this package again from named data; using them needs none."""

import os

# With more threads sums are taken in another order, and rounded otherwise: not the same files.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
