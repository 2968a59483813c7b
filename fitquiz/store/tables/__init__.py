"""The tables as SQLAlchemy classes. Only `store` imports them."""
