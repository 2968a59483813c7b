"""The pages on which HR sends invitations and reminders by e-mail."""
