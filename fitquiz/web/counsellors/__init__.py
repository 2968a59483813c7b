"""The pages of career counsellors: their links, and the results that clients share with them."""
