"""Figures of the README, drawn by commands: `./run figures`; the maps of users by `./run tsne`."""
