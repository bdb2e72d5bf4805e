"""One convolution: grids of words, the sliding window, channels, feature maps."""
