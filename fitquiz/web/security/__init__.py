"""Who may do what: access, sign-in state, sessions, headers, proxies, rate limits. Pages do not live here."""
