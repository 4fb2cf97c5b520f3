"""Pre-trade checks: a second pair of eyes with limits of its own."""
