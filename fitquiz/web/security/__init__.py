"""Security of requests and responses: access, sign-ins, sessions and headers."""
