"""Subject of a row: the one thing, of several kinds, that it is about.

`declaring`: the kinds, their foreign keys and the check that exactly one is set. `querysets`: who sees such rows.
`forms`, `rest`, `links`: choosing a subject in a form, writing it over the API, showing it in a page or a table.
"""
