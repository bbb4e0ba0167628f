"""Imported by the server that worker processes are forked from: they begin with all of this loaded."""

import gc

import ingest.batches
from ingest.form_templates import get_form_templates
from ingest.narrative_templates import get_narrative_library
from ingest.templates import get_library

LOADED = (ingest.batches, get_library(), get_form_templates(), get_narrative_library())

# Nothing of it is ever garbage: workers neither look through it nor copy its pages.
gc.freeze()
