"""The tables as SQLAlchemy classes. Only modules of `fitquiz.store` import these classes."""
