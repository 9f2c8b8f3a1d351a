"""The trained rewriter: which of the user's words go, and which words of the conversation come in, and where.

`words` and `window` say what is read, `labels` what can be decided, `align` which decisions make a known rewrite,
`render` what decisions look like as edits. `features`, `encoder`, `head` and `decode` make the decisions; `trained`
puts them behind the rules. A rewrite made here holds words of the conversation and of a short closed list (`glue`), and
nothing else: the decisions can name no others.
"""
