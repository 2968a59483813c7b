"""Functions that turn answers into scores, fits, a suggestion and the reasons."""
