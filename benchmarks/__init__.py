"""What training costs, measured: speed, memory, and how both grow."""
