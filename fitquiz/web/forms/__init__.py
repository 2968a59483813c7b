"""Fields and base classes of forms, and versions that show whether a form is stale."""
