"""Pending responses, seals, and the ledger of published figures.

HR's connection can read only the ledger.
"""
