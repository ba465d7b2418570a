"""Maps of users: before the attention layers, and in them."""
import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before numpy: spinning threads slow t-SNE tenfold
