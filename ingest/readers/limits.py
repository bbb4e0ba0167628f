"""How much of a file is read before it is refused: files come from anywhere and may be made to harm.

The largest disclosures known are a province's whole department in one PDF (some 30 MB, 400 pages,
30,000 cells). Each limit is far above that and far below what hurts a small machine.
"""

from __future__ import annotations

MEGABYTE = 1024 * 1024

# A file is read into memory once; scans of several hundred pages reach some 60 MB.
MAX_FILE_BYTES = 100 * MEGABYTE
# What a compressed file may unfold to, in all and in proportion. Honest sheets and texts shrink to a
# twentieth or so; a bomb to a thousandth. Small parts may shrink as they like.
MAX_UNPACKED_BYTES = 400 * MEGABYTE
MAX_UNPACK_RATIO = 200
RATIO_FREE_BYTES = 4 * MEGABYTE
# Parts inside a package: a workbook of 200 sheets has some 600.
MAX_PARTS = 5_000
MAX_SHEETS = 500
MAX_PAGES = 3_000
# A whole department's text has 20,000 lines; a sheet that claims a million rows is no disclosure.
MAX_LINES = 300_000
# The widest official table has some 30 columns; performance forms spread over 60.
MAX_COLUMNS = 500
MAX_CELLS = 3_000_000
# One cell or paragraph: long prose has 10,000 characters.
MAX_CELL_CHARACTERS = 200_000
# Elements within elements. Browsers stop at 512, and Word nests some 60.
MAX_NESTING = 500
# For one document, reading and parsing together; the slowest honest one takes a tenth of it here.
MAX_SECONDS = 120.0
# Address space of the process that reads one document, in which the libraries alone take 1 GB.
MAX_MEMORY_BYTES = 4096 * MEGABYTE
