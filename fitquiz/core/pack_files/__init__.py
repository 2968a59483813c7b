"""Reads and checks the TOML files of a pack, and names every fault with its line."""
