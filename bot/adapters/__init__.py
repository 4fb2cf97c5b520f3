"""One module or folder per outside thing; none knows another."""
