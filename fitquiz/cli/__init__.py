"""The command line, `fitquiz COMMAND`.

This package may import all other packages of fitquiz. No other package imports this package.
"""
