"""Arrays that the network reads."""
