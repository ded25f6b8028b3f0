"""From raw measurements to Markdown tables. Everything here can be made again from data."""

import math
import statistics
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import warmup

# Kernel events of a lap of the cnt- programs (see counts/), and what they are.
EVENTS = {
    "cnt-syscall": (20000, "system call"),
    "cnt-switch": (10000, "switch of address space, by a system call"),
    "cnt-process": (40, "process: 35 pages copied, TLB flushed, 32 pages written, end"),
    "cnt-tlb": (192 * 200, "page touched, 87 % of them a TLB refill"),
    "cnt-timer": (500, "timer interrupt, with its 2,000 cycles"),
    "cnt-mmio": (40000, "access to a device register"),
}


@dataclass
class Program:
    hash: str
    instructions: int  # a lap, on one CPU


def known_programs():
    lines = (Path(__file__).resolve().parent / "programs.txt").read_text().splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: Program(expected, int(instructions)) for name, expected, instructions in rows}


class Cell:
    """One program on one peer: medians over the rounds, per lap, in seconds. A round is two marks, (laps, wall, cpu)."""

    def __init__(self, rounds):
        each = [[(to[i] - of[i]) / (to[0] - of[0]) for i in (1, 2)] for of, to in rounds]
        self.wall, self.cpu = (statistics.median(column) for column in zip(*each))
        self.rounds = len(rounds)
        costs = [cpu for _, cpu in each]
        self.spread = (max(costs) - min(costs)) / self.cpu if self.cpu > 0 else math.inf


class Data:
    """The rows of a data file, grouped."""

    def __init__(self, rows):
        self.host = next(r for r in rows if r["kind"] == "host")
        self.peers = [r for r in rows if r["kind"] == "peer"]
        self.mode = {p["name"]: p["mode"] for p in self.peers}
        self.failed = [r for r in rows if r["kind"] == "failed"]
        runs = [r for r in rows if r["kind"] == "run"]
        self.load = [r["load"] for r in runs]
        self.instructions = {r["name"]: r["instructions"] for r in rows if r["kind"] == "program"} or {
            name: program.instructions for name, program in known_programs().items()}
        steady = [r for r in runs if r["part"] == "steady"]
        rounds, starts = defaultdict(list), defaultdict(list)
        for r in steady:
            first, warmed, last = r["marks"]
            rounds[r["program"], r["peer"]].append((warmed, last))
            starts[r["peer"]].append(first[1])
        for pair in _pairs_of_runs(runs):
            rounds[pair[0]["program"], pair[0]["peer"]].append([(r["laps"], r["wall"], r["cpu"]) for r in pair])
        self.cells = {key: Cell(r) for key, r in rounds.items()}
        self.starts = {peer: statistics.median(s) for peer, s in starts.items()}
        self.curves = [r for r in runs if r["part"] == "warmup"]
        names = list(dict.fromkeys(r["program"] for r in runs if r["part"] != "warmup"))
        self.smp = [n for n in names if n.startswith("smp-")]
        self.counts = [n for n in names if n.startswith("cnt-")]
        self.benchmarks = [n for n in names if n not in self.smp and n not in self.counts]

    def measured(self, *modes):
        seen = {peer for _, peer in self.cells}
        return [p["name"] for p in self.peers if p["name"] in seen and (not modes or p["mode"] in modes)]

    def kseg(self, *modes):
        return [n for n in self.measured(*modes) if n.startswith("kseg")]

    def usable(self, program, peer):
        cell = self.cells.get((program, peer))
        return cell is not None and cell.cpu > 0 and cell.wall > 0

    def ratios(self, slow, fast, clock="cpu", programs=None):
        """{program: time(slow) / time(fast)} of those that both ran."""
        return {p: getattr(self.cells[p, slow], clock) / getattr(self.cells[p, fast], clock)
                for p in (self.benchmarks if programs is None else programs)
                if self.usable(p, slow) and self.usable(p, fast)}

    def rate(self, program, peer, clock="cpu"):
        """Guest instructions of all CPUs a second."""
        each = int(program[4:]) if program.startswith("smp-") else 1
        name = "smp" if program.startswith("smp-") else program
        if not self.usable(program, peer) or name not in self.instructions:
            return None
        return each * self.instructions[name] / getattr(self.cells[program, peer], clock)


def _pairs_of_runs(runs):
    """Data of before 2026-11-23: a short and a long run in place of two marks of one run."""
    halves = defaultdict(dict)
    for r in runs:
        if r["part"] in ("short", "long"):
            halves[r["program"], r["peer"], r["round"]][r["part"]] = r
    return [(parts["short"], parts["long"]) for parts in halves.values() if len(parts) == 2]


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(r) + " |" for r in rows])


def number(x):
    if x is None or math.isnan(x):
        return "–"
    return f"{x:.0f}" if abs(x) >= 100 else f"{x:.1f}" if abs(x) >= 10 else f"{x:.2f}" if abs(x) >= 1 else f"{x:.3f}"


def mean(values):
    values = list(values)
    return statistics.geometric_mean(values) if values else None


def markdown(rows):
    data = Data(rows)
    parts = [_heading(data)]
    kseg = data.kseg()
    engines = dict.fromkeys(n[:-2] for n in kseg + [r["peer"] for r in data.curves] if n.startswith("kseg"))
    figures = [r for mine in engines for r in _figures(data, mine)]
    if figures:
        parts.append("## The figures of the dynamic compiler\n\nCPU time, geometric means; the worst program.\n\n"
                     + table(["engine", "figure", "floor", "goal", "measured", "worst"], figures))
    for title, modes in (("Kernel-mode code, and the host", ("host", "kernel")),
                         ("User-mode code (TLB-mapped; qemu-mips has no MMU)", ("user",))):
        names = data.measured(*modes)
        if names and data.benchmarks:
            parts.append(f"## {title}\n\nCPU ms per lap; lower is better.\n\n" + _times(data, names))
            parts.append("Millions of guest instructions per CPU second (the host's: its time for the same laps).\n\n"
                         + _rates(data, names))
    if kseg and data.benchmarks:
        parts.append("## How many times faster Kseg is\n\nGeometric mean of the other's CPU time over Kseg's (number "
                     "of programs), worst and best program; the same mean of wall times.\n\n" + _ratios(data, kseg))
        for mine in kseg:
            parts.append(f"The other's CPU time over that of {mine}, program by program.\n\n" + _each(data, mine))
    if data.counts:
        parts.append("## Kernel events\n\nCPU ns per event.\n\n" + _events(data))
    if data.smp:
        parts.append("## Busy CPUs\n\nMillions of guest instructions of all CPUs per CPU second, and that as a share of "
                     "one CPU's; per second of wall time.\n\n" + _smp(data))
    if data.curves:
        parts.append("## Warming up\n\n" + warmup.markdown(data, table, number))
    if data.cells:
        parts.append("## Start-up, and wall against CPU time\n\nMedians: wall seconds to the first mark; wall over CPU of "
                     "a steady lap; spread of the rounds.\n\n" + _startup(data))
    if data.failed:
        parts.append("## Failed\n\n" + "\n".join(f"- {f['program']} on {f['peer']}: {f['why']}" for f in data.failed))
    return "\n\n".join(parts) + "\n"


def _heading(data):
    h = data.host
    lines = ["# Kseg and its peers", "",
             f"{h['time']}, {h['cpu']}, {h['cores']} cores, Linux {h['kernel']}; load average while measuring "
             f"{number(min(data.load, default=math.nan))}–{number(max(data.load, default=math.nan))}; "
             f"{h['rounds']} interleaved rounds, medians; {h['steady']} s measured per cell.", ""]
    for p in data.peers:
        lines.append(f"- {p['name']}: " + (f"absent ({p['absent']})" if p["absent"] else p["version"] or "present"))
    return "\n".join(lines)


# Title, peer, modes, floor, goal, whether less is better.
RATIOS = (
    ("times faster than QEMU system mode", "qemu", "ku", "1.5x", "2x"),
    ("times faster than QEMU -icount", "qemu-icount", "ku", "3x", "4x"),
    ("times faster than System/161, user mode", "sys161", "u", "50x", "80x"),
    ("times faster than System/161, kernel mode", "sys161", "k", "25x", "40x"),
    ("times faster than GXemul", "gxemul", "ku", "15x", "25x"),
)


def _figures(data, mine):
    rows = []
    for title, other, boards, floor, goal in RATIOS:
        each = {f"{p} ({b})": r for b in boards for p, r in data.ratios(f"{other}-{b}", f"{mine}-{b}").items()}
        if each:
            rows.append([title, floor, goal, number(mean(each.values())) + f" ({len(each)})", _named(min, each)])
    if rows and rows[0][0] == RATIOS[0][0]:
        rows.insert(1, ["its worst program against QEMU system mode", "0.9x", "1x", rows[0][4], ""])
    each = {f"{p} ({b})": r for b in "ku" for p, r in data.ratios(f"{mine}-{b}", "native").items()}
    if each:
        rows.append(["times slower than native", "3x", "2.5x", number(mean(each.values())) + f" ({len(each)})",
                     _named(max, each)])
    plain = {f"{p} ({b})": r for b in "ku" for p, r in data.ratios(f"{mine}-{b}", f"kseg-plain-{b}").items()}
    if plain and mine == "kseg":
        rows.append(["speed without the launcher's options, share", "0.7", "–", number(mean(plain.values())) + f" ({len(plain)})",
                     _named(min, plain)])
    for b, mode in (("k", "kernel"), ("u", "user")):
        one = data.rate("smp-1", f"{mine}-{b}")
        shares = {p[4:] + " CPUs": data.rate(p, f"{mine}-{b}") / one for p in data.smp if p != "smp-1"
                  if one and data.rate(p, f"{mine}-{b}")}
        if shares:
            rows.append([f"rate of 2 to 32 busy CPUs, share of one's, {mode}", "0.75", "0.85",
                         number(mean(shares.values())), _named(min, shares)])
    return [[mine, *row] for row in rows + warmup.figures(data, mine, number)]


def _named(choose, each):
    worst = choose(each, key=each.get)
    return f"{number(each[worst])} {worst}"


def _times(data, names):
    return table(["program", *names], [
        [program] + [number(data.cells[program, n].cpu * 1e3 if (program, n) in data.cells else None) for n in names]
        for program in data.benchmarks])


def _rates(data, names):
    def millions(rates):
        return number(mean(rates) / 1e6) if rates else "–"

    rows = [[p] + [millions([r] if (r := data.rate(p, n)) else []) for n in names] for p in data.benchmarks]
    means = [millions([r for p in data.benchmarks if (r := data.rate(p, n))]) for n in names]
    return table(["program", *names], rows + [["**geometric mean**", *means]])


def _comparable(data, other, mine):
    return other != mine and data.mode[other] in ("host", data.mode[mine])


def _ratios(data, kseg):
    rows = []
    for other in data.measured():
        row = [other]
        for mine in kseg:
            each = data.ratios(other, mine).values()
            if not each or not _comparable(data, other, mine):
                row.append("–")
                continue
            wall = mean(data.ratios(other, mine, "wall").values())
            row.append(f"**{number(mean(each))}** ({len(each)}), {number(min(each))}–{number(max(each))}, wall {number(wall)}")
        rows.append(row)
    return table(["", *kseg], rows)


def _each(data, mine):
    others = [n for n in data.measured() if _comparable(data, n, mine)]
    ratios = [data.ratios(n, mine) for n in others]
    return table(["program", *others], [[p, *(number(r.get(p)) for r in ratios)] for p in data.benchmarks])


def _events(data):
    names = [n for n in data.measured("user") if any((c, n) in data.cells for c in data.counts)]
    rows = [[c, EVENTS[c][1]] + [number(data.cells[c, n].cpu * 1e9 / EVENTS[c][0]) if (c, n) in data.cells else "–"
                                 for n in names] for c in data.counts]
    text = table(["program", "event", *names], rows)
    for mine in data.kseg("user"):
        means = {n: mean(data.ratios(n, mine, programs=data.counts).values()) for n in names if n != mine}
        text += f"\n\nTimes faster is {mine}, geometric means: " + ", ".join(
            f"{number(m)} than {n}" for n, m in means.items() if m) + "."
    return text


def _smp(data):
    rows = []
    for n in data.measured("kernel", "user"):
        if any((p, n) in data.cells for p in data.smp):
            one = data.rate("smp-1", n)
            row = [n]
            for p in data.smp:
                rate, wall = data.rate(p, n), data.rate(p, n, "wall")
                share = number(rate / one) if rate and one else "–"
                row.append(f"{number(rate / 1e6)} ({share}), {number(wall / 1e6)}" if rate else "–")
            rows.append(row)
    return table(["peer", *(f"{p[4:]} CPUs" for p in data.smp)], rows)


def _startup(data):
    rows = []
    for n in data.measured():
        cells = [c for (_, peer), c in data.cells.items() if peer == n and c.cpu > 0]
        if cells:
            rows.append([n, number(data.starts.get(n)), number(statistics.median(c.wall / c.cpu for c in cells)),
                         f"{statistics.median(c.spread for c in cells) * 100:.0f} %"])
    return table(["peer", "first mark", "wall/CPU", "spread"], rows)
