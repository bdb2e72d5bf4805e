"""Whole networks: their layers, their work and weights, how they grew."""
