"""Files as published to numbered lines: one reader a format, all yielding a ``Document`` (``texts``).

``files`` tells by its content what a file is and calls the reader for it.
"""
