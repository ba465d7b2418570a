"""Measurements of the model server."""
