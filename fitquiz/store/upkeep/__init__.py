"""Migrations, backups, retention, erasure and diagnosis."""
