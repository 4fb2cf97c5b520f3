"""The web page and JSON API over the journal."""
