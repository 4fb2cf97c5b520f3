"""From decision to orders: the stepper, the order life cycle, attribution, reconciliation."""
