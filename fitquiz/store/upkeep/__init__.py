"""Migrations, backups, restores, deletion of old rows, and checks of the database."""
