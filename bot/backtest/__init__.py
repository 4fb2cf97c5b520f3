"""History through the same cycle."""
