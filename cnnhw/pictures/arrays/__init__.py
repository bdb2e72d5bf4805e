"""Arrays of PEs: architectures, nests, dataflows, register files, mappings."""
