"""The method's rules R1-R32: three-valued triggers, the stage machine, and `decide`."""
