"""The layers and towers of the network."""
