"""The command line: it calls ingest, dbt, the expectations and the publisher, and words the outcome."""
