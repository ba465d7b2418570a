"""A SparkContext as a context; everything that can go wrong with it is a `UserError`."""
import contextlib
import importlib.util
import logging
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import warnings
import zipfile

from runtime import files
from runtime.cli import UserError
from runtime.project import ROOT

INSTALL = f"{sys.executable} -m pip install --no-deps --no-build-isolation -r requirements/spark.txt"
MAJOR = 3 if sys.version_info < (3, 8) else 4  # of pyspark; newer ones do not run on older Pythons, nor the reverse
PACKAGES = ("preprocessing", "runtime")  # what the tasks import
TIMEOUT = 5.  # seconds in which a master has to take a connection


def require(master):
    """Raises UserError where pyspark or Java is missing, pyspark is another version, or the master is away."""
    spec = importlib.util.find_spec("pyspark")
    if spec is None or importlib.util.find_spec("py4j") is None:
        raise UserError(f"--engine spark: pyspark is not installed: {INSTALL}")
    version = runpy.run_path(os.path.join(spec.submodule_search_locations[0], "version.py"))["__version__"]
    if version.split(".")[0] != str(MAJOR):
        raise UserError(f"--engine spark: pyspark {version} is installed, and this Python needs pyspark {MAJOR}: "
                        f"{INSTALL}")
    home = os.environ.get("JAVA_HOME")
    java = os.path.join(home, "bin", "java") if home else "java"
    if shutil.which(java) is None:
        raise UserError(f"--engine spark: {java} is no program; install Java 17 (on Debian openjdk-17-jre-headless), "
                        "or set JAVA_HOME")
    if master.startswith("spark://"):
        _require_reachable(master)


def _require_reachable(master):
    """Raises UserError where no host of spark://HOST:PORT,... takes a connection; Spark would try for a minute."""
    reason = "no host"
    for address in master[len("spark://"):].split(","):
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host, int(port)), TIMEOUT).close()
            return
        except (OSError, ValueError, OverflowError) as error:
            reason = files.reason(error)
    raise UserError(f"--master {master}: no master answers there ({reason}); start it, or give another URL")


@contextlib.contextmanager
def context(master, folder):
    """Within this context, yields a SparkContext whose tasks can import this project; then Spark and its Java end.

    What Spark logs goes to a file that is deleted at the end, and so does what it keeps on this machine.

    Args:
      master: URL of the cluster, which `require` has accepted.
      folder: where these files are.

    Raises:
      UserError: Spark cannot start, or cannot go on within the context.
    """
    logging.getLogger().addFilter(_is_no_duplicate)
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    interrupt = signal.getsignal(signal.SIGINT)
    try:
        with files.draft_folder(folder, ".spark-") as scratch, _started(master, scratch) as spark:
            spark.addPyFile(_source(scratch))
            yield spark
    finally:
        signal.signal(signal.SIGINT, interrupt)  # Spark has its own
        logging.getLogger().removeFilter(_is_no_duplicate)


@contextlib.contextmanager
def _started(master, scratch):
    from py4j.protocol import Py4JError
    from pyspark import SparkConf, SparkContext

    conf = SparkConf().setMaster(master).setAppName("recsys preprocess")
    if master.startswith("local"):
        conf.setAll([("spark.driver.host", "127.0.0.1"), ("spark.driver.bindAddress", "127.0.0.1"),
                     ("spark.ui.enabled", "false"), ("spark.local.dir", scratch)])
    gateway = spark = None
    try:
        with _signals_held():
            gateway = _java(master, conf, os.path.join(scratch, "log"))
        with warnings.catch_warnings(record=True):  # pyspark warns, whatever the filters, that Python 3.7 is old
            spark = SparkContext(conf=conf, gateway=gateway)
        yield spark
    except (Py4JError, EOFError, ConnectionError) as error:
        raise UserError(f"--engine spark: Spark at {master} has failed ({_reason(_text(error))}); run the command "
                        "again, with more memory or fewer workers where that was the cause") from error
    finally:
        if spark:
            with contextlib.suppress(Exception):  # Java may have died
                spark.stop()
        if gateway:
            with contextlib.suppress(Exception):
                gateway.shutdown()
            gateway.proc.stdin.close()  # on which Java ends
            gateway.proc.wait()
        SparkContext._gateway = SparkContext._jvm = None  # so that this process can start Spark again


def _java(master, conf, log):
    """The gateway to a new Java, which writes to the file `log`. Raises UserError where it cannot start."""
    from pyspark.java_gateway import launch_gateway

    try:
        with open(log, "wb") as out:
            return launch_gateway(conf, {"stdout": out, "stderr": subprocess.STDOUT})
    except RuntimeError as error:
        with open(log, encoding="utf-8", errors="replace") as text:
            raise UserError(f"--engine spark: Spark at {master} cannot start ({_reason(text.read())}); correct "
                            "--master, or see that Java is version 17 and has 1 GiB of memory") from error


@contextlib.contextmanager
def _signals_held():
    """Within this context Ctrl-C and SIGTERM wait: a Java whose start is interrupted would never end."""
    arrived = []
    handlers = {number: signal.signal(number, lambda number, frame: arrived.append(number))
                for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) != signal.SIG_IGN}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in arrived[:1]:
            os.kill(os.getpid(), number)


def _is_no_duplicate(record):
    """Whether a log record is not of Py4J, which logs errors in many lines that it raises as well."""
    return "py4j" not in record.pathname.split(os.sep)


def _source(folder):
    """The path of a zip of the packages that tasks import, made in `folder`."""
    path = os.path.join(folder, "recsys.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in PACKAGES:
            for parent, _, names in os.walk(os.path.join(ROOT, package)):
                for name in sorted(names):
                    if name.endswith(".py"):
                        archive.write(os.path.join(parent, name), os.path.relpath(os.path.join(parent, name), ROOT))
    return path


def _text(error):
    """The message of an error. Py4J asks Java for it, which may have died."""
    try:
        return str(error) or type(error).__name__
    except Exception:
        return "Java has ended"


def _reason(text):
    """What a message of Java with its stack trace says, in one short line."""
    lines = text.splitlines() or ["no message"]
    return files.reason(Exception(next((line for line in lines if "Exception" in line), lines[-1]).strip(" :")))
