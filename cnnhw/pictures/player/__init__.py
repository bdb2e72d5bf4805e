"""A trace, cycle by cycle: what the player draws and says."""
