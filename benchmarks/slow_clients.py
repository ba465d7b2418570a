"""`./run bench slow`: whether a running shop answers while many connections send one byte every few seconds."""
import http.client
import socket
import statistics
import threading
import time
from urllib.parse import urlsplit

from benchmarks import flags
from benchmarks.report import say, write
from runtime import cli

PAUSE, PROBE = 5, .5  # seconds between two bytes of a connection, and between two probes


def parse_args(argv=None):
    parser = cli.Parser("./run bench slow", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:5000", help="address of the shop")
    parser.add_argument("--connections", type=int, default=230, help="slow connections; closed ones are opened again")
    parser.add_argument("--seconds", type=float, default=40., help="duration of the measurement")
    return flags.parse(parser, argv, "connections", "seconds")


def drip(address, count, ended):
    """Keeps `count` connections open and sends a byte over each every PAUSE seconds, until `ended` is set."""
    wires = [None] * count
    while not ended.is_set():
        for number, wire in enumerate(wires):
            try:
                wires[number] = wire or socket.create_connection(address, 5)
                wires[number].sendall(b"G")
            except OSError:
                wires[number] = None
        ended.wait(PAUSE)
    for wire in filter(None, wires):
        wire.close()


def probe(address):
    """Returns the seconds until /healthz answered over a new connection; None if it did not."""
    connection, start = http.client.HTTPConnection(*address, timeout=5), time.perf_counter()
    try:
        connection.request("GET", "/healthz")
        return time.perf_counter() - start if connection.getresponse().status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def main(argv=None):
    args = parse_args(argv)
    parts = urlsplit(args.url)
    address = parts.hostname, parts.port or 80
    if probe(address) is None:
        raise cli.UserError(f"bench: {args.url}/healthz "
                            "does not answer; start the shop, or give --url another address")
    ended, probes = threading.Event(), []
    attack = threading.Thread(target=drip, args=(address, args.connections, ended), daemon=True)
    attack.start()
    end = time.monotonic() + args.seconds
    while time.monotonic() < end:
        ended.wait(PROBE)
        probes.append(probe(address))
    ended.set()
    attack.join()
    answered = [seconds * 1e3 for seconds in probes if seconds is not None]
    figures = {"probes": len(probes), "answered": len(answered), "p50": statistics.median(answered or [0]),
               "max": max(answered, default=0)}
    say(f"{figures['answered']} of {figures['probes']} probes answered, p50 {figures['p50']:.1f} ms, "
        f"longest {figures['max']:.1f} ms")
    write(args, figures)


if __name__ == "__main__":
    cli.run(main)
