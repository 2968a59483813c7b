"""Pages that a link, a code or a short address opens, before an attempt begins."""
