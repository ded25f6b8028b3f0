"""The machines that are compared: how to find them, how to start a program on each, how to watch it."""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULT = re.compile(rb"bench (\S+) laps (\d+) hash ([0-9a-f]{8})")
SILENCE_SECONDS = 120  # between two marks, or to the end of a run of a few laps
FOR_EVER = 0xFFFFFFFF  # laps
MODES = {"n": "host", "k": "kernel", "m": "kernel", "g": "kernel", "u": "user", "v": "user", "w": "user", "q": "user"}


class Failed(Exception):
    """A peer did not print what it should, or not in time."""


@dataclass
class Peer:
    """`board` is a letter of the Makefile; `speed` a guess in guest instructions a second."""

    name: str
    board: str
    tool: str | None  # None: the program is the tool
    speed: float
    command: object  # (peer, image, arguments, cpus, scratch) -> argv
    version_args: tuple = ("--version",)
    warms: bool = False  # laps get faster for seconds
    version: str = ""
    absent: str = ""

    @property
    def mode(self):
        return MODES[self.board]

    def image(self, program):
        """smp-4 is the image smp on a machine of 4 CPUs."""
        name = f"{self.board}-{'smp' if program.startswith('smp-') else program}"
        return HERE / ("images" if self.board in "ku" else "build") / name

    def has(self, program):
        return self.image(program).exists()


def cpus(program):
    return int(program[4:]) if program.startswith("smp-") else 1


def _native(peer, image, arguments, cpus, scratch):
    return [image, arguments]


def _qemu_user(peer, image, arguments, cpus, scratch):
    return [peer.tool, image, arguments]


def _qemu_system(*options):
    def command(peer, image, arguments, cpus, scratch):
        return [peer.tool, "-M", "malta", "-cpu", "34Kf", "-m", "32", *options, "-kernel", image, "-append", arguments,
                "-display", "none", "-monitor", "none", "-serial", "stdio", "-nic", "none", "-no-reboot"]
    return command


def _gxemul(peer, image, arguments, cpus, scratch):
    data = bytearray(Path(image).read_bytes())
    at = data.index(b"LAPS@") + 5  # lib/run.c
    data[at:at + 24] = arguments.encode().ljust(24, b"\0")
    copy = scratch / "image"
    copy.write_bytes(data)
    return [peer.tool, "-q", "-E", "testmips", "-C", "R3000", copy]


def _sys161(peer, image, arguments, cpus, scratch):
    return [peer.tool, "-X", "-c", HERE / "sys161.conf", "-C", f"31:cpus={cpus}", image, arguments]


def _kseg(engine):
    chosen = ["--engine", engine] if engine else []

    def command(peer, image, arguments, cpus, scratch):
        return [peer.tool, "run", "-c", HERE / "sys161.conf", "--cpus", cpus, *chosen,
                "--stats=json", scratch / "stats.json", image, arguments]
    return command


def _kseg_plain(peer, image, arguments, cpus, scratch):
    """As an embedder starts it: a JVM without the options of the launcher, and without its AOT cache."""
    return [peer.tool, "--enable-native-access=kseg.host", "-p", HERE.parent / "target" / "app" / "lib",
            "-m", "kseg.cli/kseg.cli.Main", *_kseg("")(peer, image, arguments, cpus, scratch)[1:]]


# A fixed shift makes QEMU's virtual time a function of the instructions executed, hence the run repeatable;
# shift=auto follows the host's clock. 2^5 ns an instruction is nearest to System/161's 40 ns.
ICOUNT = ("-icount", "shift=5,sleep=off")


def all_peers(options):
    """Every peer we know, present or not, in the order of the tables."""
    plain, icount = _qemu_system(), _qemu_system(*ICOUNT)
    peers = [
        Peer("native", "n", None, 1e10, _native),
        Peer("qemu-k", "m", options.qemu_system, 2e9, plain),
        Peer("qemu-icount-k", "m", options.qemu_system, 1e9, icount),
        Peer("gxemul-k", "g", options.gxemul, 2e8, _gxemul, ("-h",)),
        Peer("sys161-k", "k", options.sys161, 1.5e8, _sys161, ()),
        Peer("qemu-u", "v", options.qemu_system, 2e9, plain),
        Peer("qemu-icount-u", "v", options.qemu_system, 1e9, icount),
        Peer("qemu-mips", "q", options.qemu_user, 3e9, _qemu_user),
        Peer("gxemul-u", "w", options.gxemul, 2e8, _gxemul, ("-h",)),
        Peer("sys161-u", "u", options.sys161, 1e8, _sys161, ()),
    ]
    for engine in options.engines.split(","):
        for board in "ku":
            name = "-".join(filter(None, ("kseg", engine, board)))
            peers.append(Peer(name, board, options.kseg, 1e9, _kseg(engine), warms=True))
    if options.plain:
        java = Path(os.environ.get("JAVA_HOME", "/usr")) / "bin" / "java"
        peers += [Peer(f"kseg-plain-{board}", board, java, 1e9, _kseg_plain, warms=True) for board in "ku"]
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


@contextmanager
def _started(peer, program, arguments):
    """The running peer and its scratch directory; ended, with whatever it started, on leaving."""
    with tempfile.TemporaryDirectory(prefix="kseg-bench-") as folder:
        scratch = Path(folder)
        argv = peer.command(peer, peer.image(program), arguments, cpus(program), scratch)
        # Standard input is a pipe that stays open: GXemul spins on a console at end of file.
        child = subprocess.Popen([str(a) for a in argv], cwd=scratch, stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            yield child, scratch
        finally:
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            child.wait()
            child.stdin.close()
            child.stdout.close()


def _read(child):
    """What came meanwhile; empty at the end of the output."""
    if not select.select([child.stdout], [], [], SILENCE_SECONDS)[0]:
        raise Failed(f"nothing for {SILENCE_SECONDS} s")
    return os.read(child.stdout.fileno(), 65536)


def _complain(status, text):
    said = text.decode(errors="replace").strip().splitlines() or ["nothing"]
    raise Failed(f"status {status}; it said: {said[-1][-200:]}")


def check(peer, program, laps, expected):
    """Runs a few laps to the end and compares the hash; returns instructions retired by mode, if it tells."""
    with _started(peer, program, f"{laps} 0") as (child, scratch):
        text = b""
        while more := _read(child):
            text += more
        line = RESULT.search(text)
        if line is None or int(line.group(2)) != laps:
            _complain(child.wait(), text)
        found = line.group(3).decode()
        if found != expected:
            raise Failed(f"hash {found}, expected {expected}")
        stats = scratch / "stats.json"
        if not stats.exists():
            return {}
        each = json.loads(stats.read_text())["cpus"]
        return {mode: sum(cpu[mode + "Instructions"] for cpu in each) for mode in ("kernel", "user")}


def watch(peer, program, every, enough):
    """
    Runs for ever with a mark each `every` laps, until enough(marks); then ends it. A mark is (laps done,
    seconds since the start, CPU seconds of all its threads), taken when its character arrives.
    """
    start = time.monotonic()
    with _started(peer, program, f"{FOR_EVER} {every}") as (child, _):
        clock = (~child.pid << 3) | 2  # Linux: the CPU clock of another process
        marks, seen, tail = [], 0, b""
        while not (marks and enough(marks)):
            more = _read(child)
            tail = (tail + more)[-400:]
            if not more or b"FAILED" in tail:
                _complain(child.poll(), tail)
            dots = _dots(more)
            if dots:
                seen += dots
                marks.append((seen * every, time.monotonic() - start, time.clock_gettime(clock)))
        return marks


def _dots(text):
    """Marks among the output: the banners some machines print have full stops too, but no line of nothing else."""
    return sum(len(line) for line in text.split(b"\n") if line and not line.strip(b"."))
