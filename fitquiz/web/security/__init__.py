"""Security of requests and responses: access, sign-in state, sessions, headers and rate limits."""
