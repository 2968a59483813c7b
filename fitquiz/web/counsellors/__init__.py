"""Pages where counsellors manage links and see the results that clients share."""
