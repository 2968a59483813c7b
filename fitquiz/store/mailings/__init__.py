"""Mailings of a campaign, and the outbox with the messages that the server sends."""
