"""Weighted sums: one neuron, a layer of them, learning, digits and their scores."""
