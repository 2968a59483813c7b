"""Fields and base classes of forms."""
