"""Reads lists of people: e-mail addresses with units, from spreadsheets, HR systems and mail programs."""
