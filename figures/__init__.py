"""Figures of the README, drawn by commands: `./run figures`, and the maps of users by `./run tsne`."""
