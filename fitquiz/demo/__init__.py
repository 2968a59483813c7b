"""A made-up company for demonstrations: accounts, campaigns and a counsellor's clients."""
