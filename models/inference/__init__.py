"""A trained network that answers in this process."""
