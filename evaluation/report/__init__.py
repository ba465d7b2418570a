"""The page of one evaluated run."""
