"""A daemon of Kseg for the time of a measurement."""
import contextlib
import os
import subprocess
import sys


@contextlib.contextmanager
def serving(kseg, commands):
    """A new daemon of this build, which has to serve so many commands."""
    def tell(*words):
        subprocess.run([kseg, "daemon", *words], check=True, stdout=subprocess.DEVNULL)
    tell("stop")
    tell("start")
    os.environ.pop("KSEG_DAEMON", None)
    try:
        yield
        status = subprocess.run([kseg, "daemon", "status"], check=True, capture_output=True, text=True).stdout
        if f"commands served: {commands}\n" not in status:
            sys.exit(f"{commands} runs of Kseg, not all through the daemon:\n{status}")
    finally:
        tell("stop")
