"""Attempts, answers, stored packs, counsellor links, shares and job ratings."""
