"""Documents to parsed tables, parsed tables to ``raw``.

Nothing here does arithmetic on an amount or judges one: numbers stay the strings they were
printed as. What differs from publisher to publisher is in ``ingest/templates``, as data.
"""
