"""Staff accounts: the sign-in, one's own account, the second factor, and the pages for admins."""
