"""The resident memory of a running process and of the processes that it has started (Linux)."""


def of(pid):
    """Returns the MiB of a process and its descendants; pages that they share count once for each of them."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return int(line.split()[1]) / 1024 + sum(of(int(child)) for child in children.read().split())
