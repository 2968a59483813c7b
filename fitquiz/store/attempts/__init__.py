"""Attempts, answers, stored packs, counsellors' links, shares and job ratings."""
