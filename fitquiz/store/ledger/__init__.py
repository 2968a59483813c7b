"""Pending responses, seals, published figures, and HR's connection that can read only these figures."""
