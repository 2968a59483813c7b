"""Staff accounts, sign-ins, second factors, rate limits and the audit log."""
