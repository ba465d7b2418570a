"""Configuration, layers, the network, its baselines and checkpoints."""
