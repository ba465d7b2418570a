"""Measures as pure functions on arrays: no files, no TensorFlow."""
