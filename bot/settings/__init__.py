"""Checked settings and the policy file: everything wrong is said at once, then handed on frozen."""
