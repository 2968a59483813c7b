"""Security of requests and responses: access, sign-ins, sessions, headers and rate limits."""
