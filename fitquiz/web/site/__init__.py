"""What pages of every room use: the database session, packs, languages, forms and charts."""
