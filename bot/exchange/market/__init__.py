"""The market of the paper exchange: a pure function of scenario, seed and time."""
