"""The desk of career counsellors: links and the results that clients share."""
