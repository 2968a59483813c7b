"""Pending responses, seals, published figures, and the connection of HR that reads only these."""
