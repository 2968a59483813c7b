"""The records: plain functions, session first, that remember who answered what. They never commit and know no Flask."""
