"""Maps of users: before the attention layers, and in them."""
import os

# Before numpy is imported: threads that spin while they wait slow t-SNE tenfold on few cores.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
