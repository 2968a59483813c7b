"""Staff: sign-in, own account, second factor, and the administration of people."""
