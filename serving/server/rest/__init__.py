"""The REST half of the embedded model server."""
