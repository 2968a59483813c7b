"""What pages of every kind use: database session, packs, languages, forms, charts. No routes of people's pages."""
