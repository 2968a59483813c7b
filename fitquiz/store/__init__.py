"""The functions that read and write the database.

Most functions take a SQLAlchemy session as their first argument. A function that takes a session
does not commit the session, because the caller ends the transaction. No module of the store imports
Flask.
"""
