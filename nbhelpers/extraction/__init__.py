"""The steps from a paragraph to its attributions: tokens, features, tags, relations, chains."""
