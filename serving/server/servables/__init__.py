"""Models, their versions, and one loaded version."""
