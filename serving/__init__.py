"""The model server's client, and an embedded server of the same contract."""
