"""What is shown for a shopper."""
