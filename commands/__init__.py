"""The commands of ./run: each parses its flags and calls a package."""
