"""Staff, their sign-ins and second factors, rate limits, and the audit log."""
