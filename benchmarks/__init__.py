"""What training and serving cost, measured."""
