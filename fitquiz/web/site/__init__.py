"""Code that all pages share: the database session, packs, languages and charts."""
