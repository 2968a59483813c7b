"""A made-up company to look at: accounts, campaigns with answers, a counsellor's clients."""
