"""Limits on how much and how often a browser may send."""
