"""Which statements of different texts report one utterance: the parts of ``utterances.py``."""
