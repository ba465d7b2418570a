"""Maps of users: before the attention layers, and in them."""
