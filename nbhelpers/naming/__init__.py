"""Who a source is: names in a text, the mentions that mean the same one, and what it is."""
