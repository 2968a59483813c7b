"""The command line of administrators. It may import everything; nothing imports it."""
