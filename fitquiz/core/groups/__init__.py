"""What is counted of a group, how it is sealed and how it is reported."""
