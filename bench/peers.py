"""The machines that are compared: how to find them, how to start a program on each, how to measure."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULT = re.compile(rb"bench (\S+) laps (\d+) hash ([0-9a-f]{8})")
CYCLES = re.compile(rb"cpu\d+: (\d+) kern, (\d+) user")
TIMEOUT_SECONDS = 300


@dataclass
class Run:
    """One execution of one program on one peer."""

    wall: float
    cpu: float
    laps: int
    hash: str
    retired: dict = field(default_factory=dict)  # kernel, user; where the peer tells


class Failed(Exception):
    """A peer did not print a result line, or not in time."""


@dataclass
class Peer:
    """`board` is the letter of the Makefile; `warm` says that laps get faster while it runs."""

    name: str
    mode: str  # kernel, user or host: which code the processor is executing
    board: str
    tool: str | None  # None: the program is the tool
    version_args: list
    command: object  # (peer, image, laps, scratch) -> argv
    warm: bool = False
    version: str = ""
    absent: str = ""

    def image(self, program):
        if program.startswith("cnt-"):
            return HERE / "images" / program if self.board == "u" else None
        if self.board in "ku":
            return HERE / "images" / f"{self.board}-{program}"
        return HERE / "build" / f"{self.board}-{program}"

    def has(self, program):
        image = self.image(program)
        return image is not None and image.exists()


def _native(peer, image, laps, scratch):
    return [image, str(laps)]


def _qemu_user(peer, image, laps, scratch):
    return [peer.tool, image, str(laps)]


def _qemu_malta(peer, image, laps, scratch):
    return [peer.tool, "-M", "malta", "-cpu", "24Kf", "-m", "32", "-kernel", image, "-append", str(laps),
            "-display", "none", "-monitor", "none", "-serial", "stdio", "-nic", "none", "-no-reboot"]


def _gxemul(peer, image, laps, scratch):
    data = bytearray(Path(image).read_bytes())
    at = data.index(b"LAPS@") + 5  # lib/run.c
    data[at:at + 12] = str(laps).encode().ljust(12, b"\0")
    copy = scratch / "image"
    copy.write_bytes(data)
    return [peer.tool, "-q", "-E", "testmips", "-C", "R3000", copy]


def _sys161(peer, image, laps, scratch):
    return [peer.tool, "-X", "-c", HERE / "sys161.conf", image, str(laps)]


def _kseg(engine):
    def command(peer, image, laps, scratch):
        return [peer.tool, "run", "-c", HERE / "sys161.conf", "--engine", engine,
                "--stats=json", scratch / "stats.json", image, str(laps)]
    return command


def all_peers(options):
    """Every peer we know, present or not, in the order of the tables."""
    peers = [
        Peer("native", "host", "n", None, ["gcc", "--version"], _native),
        Peer("qemu-malta", "kernel", "m", options.qemu_system, ["--version"], _qemu_malta),
        Peer("gxemul", "kernel", "g", options.gxemul, ["-h"], _gxemul),
        Peer("sys161-k", "kernel", "k", options.sys161, [], _sys161),
        Peer("qemu-mips", "user", "q", options.qemu_user, ["--version"], _qemu_user),
        Peer("sys161-u", "user", "u", options.sys161, [], _sys161),
    ]
    for engine in options.engines.split(","):
        for board, mode in (("k", "kernel"), ("u", "user")):
            peers.append(Peer(f"kseg-{engine}-{board}", mode, board, options.kseg, ["--version"],
                              _kseg(engine), warm=True))
    for peer in peers:
        _locate(peer)
    return peers


def _locate(peer):
    if not any(any((HERE / folder).glob(f"{peer.board}-*")) for folder in ("images", "build")):
        peer.absent = "its programs are not built (see Makefile)"
        return
    if peer.tool is None:
        peer.version = _first_line(["gcc", "--version"])
        return
    found = shutil.which(str(peer.tool))
    if found is None:
        peer.absent = f"{peer.tool} not found"
        return
    peer.tool = str(Path(found).absolute())
    if peer.version_args:
        peer.version = _first_line([peer.tool, *peer.version_args])
    else:  # System/161 tells its version only when it runs
        peer.version = _first_line([peer.tool], r"System/161 release [\d.]+") or "unknown"


def _first_line(argv, pattern=r".*\d+\.\d+.*"):
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=900, check=False)  # kseg may build
    except (OSError, subprocess.TimeoutExpired):
        return ""
    hit = re.search(pattern, done.stdout.decode(errors="replace"))
    return re.split(r"  +| \(Debian \d+:", hit.group(0).strip())[0] if hit else ""


def run(peer, program, laps):
    """Runs to the end and measures; the machine must turn itself off. Raises Failed."""
    with tempfile.TemporaryDirectory(prefix="kseg-bench-") as folder:
        scratch = Path(folder)
        argv = [str(a) for a in peer.command(peer, peer.image(program), laps, scratch)]
        with open(scratch / "out", "w+b") as out:
            wall, usage, status = _measure(argv, scratch, out)
            out.seek(0)
            text = out.read()
        line = RESULT.search(text)
        if line is None or int(line.group(2)) != laps:
            said = text.decode(errors="replace").strip().splitlines() or ["nothing"]
            raise Failed(f"status {status}, no result line; it said: {said[0][:200]}")
        return Run(wall, usage.ru_utime + usage.ru_stime, laps, line.group(3).decode(),
                   _retired(text, scratch))


def _measure(argv, scratch, out):
    # Standard input is a pipe that stays open: GXemul spins on a console at end of file.
    start = time.monotonic()
    child = subprocess.Popen(argv, cwd=scratch, stdin=subprocess.PIPE, stdout=out,
                             stderr=subprocess.STDOUT, start_new_session=True)
    killer = threading.Timer(TIMEOUT_SECONDS, lambda: os.killpg(child.pid, 9))
    killer.start()
    try:
        # wait4 gives this child's (and its waited-for children's) CPU time, all threads included.
        _, status, usage = os.wait4(child.pid, 0)
    finally:
        killer.cancel()
        child.stdin.close()
    child.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - start, usage, child.returncode


def _retired(text, scratch):
    """Instructions by mode: Kseg's statistics, or System/161's cycles (which include stalls)."""
    stats = scratch / "stats.json"
    if stats.exists():
        cpus = json.loads(stats.read_text())["cpus"]
        return {mode: sum(cpu[mode + "Instructions"] for cpu in cpus) for mode in ("kernel", "user")}
    hit = CYCLES.search(text)
    return {"kernel": int(hit.group(1)), "user": int(hit.group(2))} if hit else {}
