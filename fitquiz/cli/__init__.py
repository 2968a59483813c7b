"""The command line: `fitquiz COMMAND`. It may import every other folder; no folder imports it."""
