"""The fast engine: all PEs and many passes at once. It counts what arrays of tiles take in and give away."""
