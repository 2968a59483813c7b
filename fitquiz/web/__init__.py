"""The pages. This layer reads requests and commits transactions."""
