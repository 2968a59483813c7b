"""Pending responses, seals, published figures, and HR's connection that reads only these figures."""
