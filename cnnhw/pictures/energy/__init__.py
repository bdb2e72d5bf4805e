"""What words cost: the memories, reuse, energy by level and by dataflow, rooflines."""
