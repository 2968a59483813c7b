"""The pages for staff accounts: sign-in, password, second factor and administration."""
