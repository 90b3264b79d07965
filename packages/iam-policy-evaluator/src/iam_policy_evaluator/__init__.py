"""Decides one AWS request: policies in, a verdict and the deciding statement out."""
