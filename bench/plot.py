"""The plots: plain SVG, made from the same data as the tables."""

import math

import report
import warmup

COLOURS = ["#888888", "#1b9e77", "#66a61e", "#d95f02", "#e6ab02", "#a6761d", "#17becf", "#7570b3", "#1f78b4", "#b2182b",
           "#e7298a", "#6a3d9a", "#000000"]
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>\n'


def speeds(rows):
    """Speed relative to System/161 in the same mode (or to the last peer measured), logarithmic, one dot a cell."""
    data = report.Data(rows)
    names = data.measured()
    base = {m: next((n for n in names if n == f"sys161-{m[0]}"), names[-1] if names else None)
            for m in ("kernel", "user")}
    base["host"] = base["kernel"]
    points = [(i, data.cells[program, base[data.mode[n]]].cpu / data.cells[program, n].cpu, n)
              for n in names for i, program in enumerate(data.benchmarks)
              if data.usable(program, n) and data.usable(program, base[data.mode[n]])]
    if not points:
        return EMPTY
    programs, left, step, top, height = data.benchmarks, 60, 75, 30, 360
    width = left + step * len(programs) + 160
    low, high, y = _logarithmic([s for _, s, _ in points], top, height)
    title = "Speed relative to " + " or ".join(sorted(set(base.values()))) + ", the same program in the same mode"
    out = _opening(width, top + height + 50, title, left) + _grid(low, high, y, left, width - 160)
    for i, program in enumerate(programs):
        out.append(f'<text x="{left + step * (i + 0.5)}" y="{top + height + 20}" text-anchor="middle">{program}</text>')
    for i, speed, name in points:
        place = names.index(name)
        x = left + step * (i + (place + 1) / (len(names) + 1))
        out.append(f'<circle cx="{x:.1f}" cy="{y(speed):.1f}" r="4" fill="{_colour(place)}">'
                   f'<title>{name} {programs[i]}: {report.number(speed)}</title></circle>')
    return "\n".join(out + _legend(names, width - 145, top)) + "\n</svg>\n"


def warmups(rows):
    """A panel for each program and mode: millions of instructions, logarithmic, over seconds."""
    data = report.Data(rows)
    found = warmup.curves(data)
    names = [p["name"] for p in data.peers if any(n == p["name"] for _, n in found)]
    programs = list(dict.fromkeys(p for p, _ in found))
    curves = {(p, n): [(t, laps * data.instructions[p] / 1e6) for t, laps in found[p, n][0]]
              for p in programs for n in names if found[p, n]}
    if not curves:
        return EMPTY
    end = max(c[-1][0] for c in curves.values())
    left, top, wide, high = 60, 50, 340, 260
    width, height = left + 2 * (wide + 60) + 130, top + len(programs) * (high + 60)
    out = _opening(width, height, "Millions of guest instructions since the start of the process, over seconds", left)
    values = [v for c in curves.values() for _, v in c]
    for row, program in enumerate(programs):
        for column, mode in enumerate(("kernel", "user")):
            x0, y0 = left + column * (wide + 60), top + row * (high + 60)
            low, most, y = _logarithmic(values, y0, high)
            out += _grid(low, most, y, x0, x0 + wide)
            out.append(f'<text x="{x0 + wide / 2}" y="{y0 - 6}" text-anchor="middle">{program}, {mode} mode</text>')
            for second in range(0, math.floor(end) + 1):
                out.append(f'<text x="{x0 + wide * second / end:.1f}" y="{y0 + high + 16}" text-anchor="middle">{second}</text>')
            for name in names:
                if data.mode[name] == mode and (program, name) in curves:
                    line = " ".join(f"{x0 + wide * t / end:.1f},{y(v):.1f}" for t, v in curves[program, name])
                    out.append(f'<polyline points="{line}" fill="none" stroke="{_colour(names.index(name))}" stroke-width="2"/>')
    return "\n".join(out + _legend(names, width - 125, top)) + "\n</svg>\n"


def _colour(place):
    return COLOURS[place % len(COLOURS)]


def _opening(width, height, title, left):
    return [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
            'font-size="12">', '<rect width="100%" height="100%" fill="white"/>', f'<text x="{left}" y="18">{title}</text>']


def _logarithmic(values, top, height):
    """Lowest and highest power of ten, and where a value is drawn."""
    low = math.floor(math.log10(min(values)))
    high = math.ceil(math.log10(max(values)) + 1e-9)
    return low, high, lambda value: top + height * (high - math.log10(value)) / (high - low)


def _grid(low, high, y, left, right):
    return [f'<line x1="{left}" x2="{right}" y1="{y(10.0 ** power):.1f}" y2="{y(10.0 ** power):.1f}" stroke="#ccc"/>'
            f'<text x="{left - 6}" y="{y(10.0 ** power) + 4:.1f}" text-anchor="end">{10.0 ** power:g}</text>'
            for power in range(low, high + 1)]


def _legend(names, left, top):
    return [f'<circle cx="{left}" cy="{top + 10 + 18 * place}" r="5" fill="{_colour(place)}"/>'
            f'<text x="{left + 11}" y="{top + 14 + 18 * place}">{name}</text>' for place, name in enumerate(names)]
