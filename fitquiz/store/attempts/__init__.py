"""Attempts with their answers, and what a respondent does with them: shares, job ratings."""
