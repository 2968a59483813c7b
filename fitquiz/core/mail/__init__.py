"""The rules for e-mail: pasted addresses, encrypted addresses, and the texts of the messages."""
