"""The venue: what a client's requests cause, with the exchange's own books and no I/O."""
