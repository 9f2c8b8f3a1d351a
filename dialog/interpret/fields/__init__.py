"""Subject fields: what everyday words are about, so that "dinner" and "restaurant" count as one subject.

One module per language with `FIELDS`, word -> field. The names of the fields are the same in every language.
"""
