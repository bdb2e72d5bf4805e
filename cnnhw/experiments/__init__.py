"""Published comparisons, computed anew: one file each."""
