"""From data to the weights of the trained rewriter, and to the table that says how good they are."""
