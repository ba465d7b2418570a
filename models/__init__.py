"""The attention network: its configuration, layers, training, and what answers once it is trained."""
