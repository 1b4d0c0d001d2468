"""Households' words: sealed under their own keys, opened for those who may, each look written down, erased for good."""
