"""Other ways to convolve: matrix products, Strassen, Winograd, FFT."""
