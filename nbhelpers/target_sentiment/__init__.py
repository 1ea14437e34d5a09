"""How a sentence speaks of a mention in it: the machinery of :mod:`nbhelpers.stance`."""
