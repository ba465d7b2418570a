"""What the shop reads from disk."""
