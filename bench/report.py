"""From raw measurements to a Markdown table and an SVG plot. Everything here can be made again from data."""

import math
import statistics
from collections import defaultdict

# Nominal kernel events of a lap of the cnt- programs (see counts/).
EVENTS = {"cnt-syscall": 20000, "cnt-timer": 500, "cnt-tlb": 192 * 200}


class Cell:
    """One program on one peer: medians over the rounds, per lap, in seconds."""

    def __init__(self, pairs):
        laps = pairs[0][1]["laps"] - pairs[0][0]["laps"]
        cpu = [(long["cpu"] - short["cpu"]) / laps for short, long in pairs]
        wall = [(long["wall"] - short["wall"]) / laps for short, long in pairs]
        self.cpu = statistics.median(cpu)
        self.wall = statistics.median(wall)
        self.spread = (max(cpu) - min(cpu)) / self.cpu if self.cpu > 0 else math.inf
        before = pairs[0][0]["laps"]
        self.start_cpu = statistics.median(s["cpu"] for s, _ in pairs) - before * self.cpu
        self.start_wall = statistics.median(s["wall"] for s, _ in pairs) - before * self.wall
        short, long = pairs[0]
        self.retired = {mode: (count - short["retired"][mode]) / laps
                        for mode, count in long.get("retired", {}).items()}


class Data:
    """The rows of a data file, grouped."""

    def __init__(self, rows):
        self.host = next(r for r in rows if r["kind"] == "host")
        self.end = next((r for r in rows if r["kind"] == "end"), None)
        self.peers = [r for r in rows if r["kind"] == "peer"]
        self.failed = [r for r in rows if r["kind"] == "failed"]
        runs = [r for r in rows if r["kind"] == "run"]
        self.load = [r["load"] for r in runs]
        self.programs = list(dict.fromkeys(r["program"] for r in runs))
        halves = defaultdict(dict)
        for r in runs:
            halves[r["program"], r["peer"], r["round"]][r["part"]] = r
        pairs = defaultdict(list)
        for (program, peer, _), parts in halves.items():
            if len(parts) == 2:
                pairs[program, peer].append((parts["short"], parts["long"]))
        self.cells = {key: Cell(p) for key, p in pairs.items()}
        self.benchmarks = [p for p in self.programs if not p.startswith("cnt-")]
        self.counts = [p for p in self.programs if p.startswith("cnt-")]

    def measured(self, *modes):
        seen = {peer for _, peer in self.cells}
        return [p["name"] for p in self.peers if p["name"] in seen and (not modes or p["mode"] in modes)]

    def ratios(self, slow, fast, clock="cpu"):
        """time(slow) / time(fast) of each program that both ran."""
        return [getattr(self.cells[p, slow], clock) / getattr(self.cells[p, fast], clock)
                for p in self.benchmarks if self.usable(p, slow) and self.usable(p, fast)]

    def usable(self, program, peer):
        cell = self.cells.get((program, peer))
        return cell is not None and cell.cpu > 0 and cell.wall > 0

    def instructions(self, program, mode):
        """Retired per lap: Kseg's count if there is one, else System/161's cycles. Host code: kernel's."""
        board, key = ("u", "user") if mode == "user" else ("k", "kernel")
        order = sorted(self.measured(), key=lambda n: not n.startswith("kseg"))
        for name in order:
            cell = self.cells.get((program, name))
            if cell and name.endswith("-" + board) and cell.retired:
                return cell.retired[key]
        return None


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(r) + " |" for r in rows])


def number(x):
    if x is None or math.isnan(x):
        return "–"
    return f"{x:.0f}" if abs(x) >= 100 else f"{x:.1f}" if abs(x) >= 10 else f"{x:.2f}" if abs(x) >= 1 else f"{x:.3f}"


def markdown(rows):
    data = Data(rows)
    parts = [_heading(data)]
    for title, modes in (("Kernel-mode code, and the host", ("host", "kernel")),
                         ("User-mode code (TLB-mapped; qemu-mips has no MMU)", ("user",))):
        names = data.measured(*modes)
        if names and data.benchmarks:
            parts.append(f"## {title}\n\nCPU ms per lap; lower is better.\n\n" + _times(data, names))
            parts.append("Millions of guest instructions per CPU second (the host's: its time for the same laps).\n\n"
                         + _rates(data, names, modes[-1]))
    kseg = [n for n in data.measured() if n.startswith("kseg")]
    if kseg and data.benchmarks:
        parts.append("## How many times faster Kseg is\n\nGeometric mean of the other's CPU time over Kseg's (number "
                     "of programs), worst and best program; the same mean of wall times.\n\n" + _ratios(data, kseg))
    if data.counts:
        parts.append("## Kernel events (user-mode images)\n\nCPU ns per event: system call, timer interrupt with its "
                     "2,000 cycles, page touched (95 % of them a UTLB refill).\n\n" + _events(data))
    parts.append("## Start-up, and wall against CPU time\n\nMedian over the programs: seconds before the first lap "
                 "counts (warm-up laps at steady cost subtracted); wall over CPU of a steady lap; spread of the "
                 "rounds.\n\n" + _startup(data))
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


def _times(data, names):
    rows = []
    for program in data.benchmarks:
        rows.append([program] + [number(data.cells[program, n].cpu * 1e3 if (program, n) in data.cells else None)
                                 for n in names])
    return table(["program", *names], rows)


def _rates(data, names, mode):
    rows = []
    for program in data.benchmarks:
        count = data.instructions(program, mode)
        rows.append([program] + [number(count / data.cells[program, n].cpu / 1e6)
                                 if count and data.usable(program, n) else "–" for n in names])
    means = []
    for n in names:
        rates = [data.instructions(p, mode) / data.cells[p, n].cpu for p in data.benchmarks
                 if data.usable(p, n) and data.instructions(p, mode)]
        means.append(number(statistics.geometric_mean(rates) / 1e6) if rates else "–")
    return table(["program", *names], rows + [["**geometric mean**", *means]])


def _ratios(data, kseg):
    mode = {p["name"]: p["mode"] for p in data.peers}
    rows = []
    for other in data.measured():
        row = [other]
        for mine in kseg:
            each = data.ratios(other, mine)
            if other == mine or not each or mode[other] not in ("host", mode[mine]):
                row.append("–")
                continue
            wall = statistics.geometric_mean(data.ratios(other, mine, "wall"))
            row.append(f"**{number(statistics.geometric_mean(each))}** ({len(each)}), "
                       f"{number(min(each))}–{number(max(each))}, wall {number(wall)}")
        rows.append(row)
    return table(["", *kseg], rows)


def _events(data):
    names = [n for n in data.measured("user") if any((c, n) in data.cells for c in data.counts)]
    rows = [[c] + [number(data.cells[c, n].cpu * 1e9 / EVENTS[c]) if (c, n) in data.cells else "–" for n in names]
            for c in data.counts]
    return table(["program", *names], rows)


def _startup(data):
    rows = []
    for n in data.measured():
        cells = [c for (_, peer), c in data.cells.items() if peer == n and c.cpu > 0]
        if cells:
            rows.append([n, *(number(statistics.median(v)) for v in (
                [c.start_cpu for c in cells], [c.start_wall for c in cells], [c.wall / c.cpu for c in cells])),
                f"{statistics.median(c.spread for c in cells) * 100:.0f} %"])
    return table(["peer", "CPU s", "wall s", "wall/CPU", "spread"], rows)


COLOURS = ["#888888", "#1b9e77", "#d95f02", "#e6ab02", "#66a61e", "#a6761d", "#7570b3", "#e7298a", "#1f78b4", "#b2182b"]


def svg(rows):
    """Speed relative to System/161 in the same mode (or to the last peer measured), logarithmic, one dot a cell."""
    data = Data(rows)
    names = data.measured()
    base = {m: next((n for n in names if n == f"sys161-{m[0]}"), names[-1] if names else None)
            for m in ("kernel", "user")}
    base["host"] = base["kernel"]
    mode = {p["name"]: p["mode"] for p in data.peers}
    points = []
    for n in names:
        for i, program in enumerate(data.benchmarks):
            reference = base[mode[n]]
            if data.usable(program, n) and data.usable(program, reference):
                points.append((i, data.cells[program, reference].cpu / data.cells[program, n].cpu, n))
    if not points:
        return '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>\n'
    low = math.floor(math.log10(min(s for _, s, _ in points)))
    high = math.ceil(math.log10(max(s for _, s, _ in points)) + 1e-9)
    title = "Speed relative to " + " or ".join(sorted(set(base.values())))
    return _plot(title, data.benchmarks, names, points, (low, max(high, low + 1)))


def _plot(title, programs, names, points, decades):
    low, high = decades
    left, top, step, height = 60, 30, 74, 380
    width = left + step * len(programs) + 170

    def y(speed):
        return top + height * (1 - (math.log10(speed) - low) / (high - low))

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top + height + 50}" '
           'font-family="sans-serif" font-size="12">', '<rect width="100%" height="100%" fill="white"/>',
           f'<text x="{left}" y="18">{title}, the same program in the same mode</text>']
    for power in range(low, high + 1):
        at = y(10 ** power)
        out.append(f'<line x1="{left}" x2="{width - 160}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ccc"/>'
                   f'<text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end">{10.0 ** power:g}</text>')
    for i, program in enumerate(programs):
        out.append(f'<text x="{left + step * (i + 0.5)}" y="{top + height + 20}" text-anchor="middle">{program}</text>')
    for i, speed, name in points:
        place = names.index(name)
        x = left + step * (i + (place + 1) / (len(names) + 1))
        out.append(f'<circle cx="{x:.1f}" cy="{y(speed):.1f}" r="4" fill="{COLOURS[place % len(COLOURS)]}">'
                   f'<title>{name} {programs[i]}: {number(speed)}</title></circle>')
    for place, name in enumerate(names):
        at = top + 10 + 18 * place
        out.append(f'<circle cx="{width - 145}" cy="{at}" r="5" fill="{COLOURS[place % len(COLOURS)]}"/>'
                   f'<text x="{width - 134}" y="{at + 4}">{name}</text>')
    return "\n".join(out) + "\n</svg>\n"
