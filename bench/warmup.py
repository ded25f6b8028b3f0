"""Warming up: guest instructions executed since the start of the process, and when one peer overtakes another."""

import statistics
from collections import defaultdict

TIMES = (0.5, 1, 2, 5, 10)
# Of the dynamic compiler: peer, board, floor, goal, in seconds.
FIGURES = (("sys161", "k", 1.0, 1.0), ("sys161", "u", 0.7, 0.7), ("qemu", "k", 10, 5), ("qemu", "u", 10, 5))


def at(curve, seconds):
    """Laps done by then, between two marks in proportion; None after the last."""
    before = (0.0, 0.0)
    for mark in curve:
        if mark[0] >= seconds:
            return before[1] + (mark[1] - before[1]) * (seconds - before[0]) / (mark[0] - before[0])
        before = mark
    return None


def crossing(mine, other):
    """
    When `mine` overtakes `other` for good: 0 if it is never behind, None if it is behind when the shorter
    of the two ends. Curves are lists of (seconds, laps).
    """
    end = min(mine[-1][0], other[-1][0])
    moments = sorted({t for curve in (mine, other) for t, _ in curve if t <= end})
    ahead = [(t, at(mine, t) - at(other, t)) for t in moments]
    behind = [i for i, (_, lead) in enumerate(ahead) if lead < 0]
    if not behind:
        return 0.0
    if behind[-1] == len(ahead) - 1:
        return None
    (t0, lead0), (t1, lead1) = ahead[behind[-1]], ahead[behind[-1] + 1]
    return t0 + (t1 - t0) * -lead0 / (lead1 - lead0)


def curves(data):
    """{(program, peer): [curve of each round]}"""
    found = defaultdict(list)
    for row in data.curves:
        found[row["program"], row["peer"]].append([(wall, laps) for laps, wall, _ in row["marks"]])
    return found


def crossings(data, mine, other):
    """{program: median over the rounds, infinity for never}"""
    found = curves(data)
    result = {}
    for program in dict.fromkeys(p for p, _ in found):
        pairs = list(zip(found[program, mine], found[program, other]))
        if pairs:
            times = [crossing(a, b) for a, b in pairs]
            result[program] = statistics.median(float("inf") if t is None else t for t in times)
    return result


def moment(seconds, number):
    return "never" if seconds == float("inf") else "always" if seconds == 0 else number(seconds) + " s"


def figures(data, mine, number):
    rows = []
    for other, board, floor, goal in FIGURES:
        each = crossings(data, f"{mine}-{board}", f"{other}-{board}")
        if each:
            last = max(each, key=each.get)
            mode = "kernel" if board == "k" else "user"
            rows.append([f"instructions ahead of {other}, {mode}", f"from {floor:g} s", f"from {goal:g} s",
                         moment(statistics.median(each.values()), number) + f" ({len(each)})",
                         f"{moment(each[last], number)} {last}"])
    return rows


def markdown(data, table, number):
    found = curves(data)
    peers = [p["name"] for p in data.peers if any(n == p["name"] for _, n in found)]
    rows = []
    for program in dict.fromkeys(p for p, _ in found):
        for peer in peers:
            if found[program, peer]:
                done = [[at(c, t) for c in found[program, peer]] for t in TIMES]
                rows.append([f"{program}, {peer}"] + [
                    number(statistics.median(d) * data.instructions[program] / 1e6) if None not in d else "–"
                    for d in done])
    text = ("Millions of guest instructions executed since the process was started, at wall times.\n\n"
            + table(["", *(f"{t:g} s" for t in TIMES)], rows))
    rows = []
    for mine in (p for p in peers if p.startswith("kseg")):
        for other in peers:
            each = crossings(data, mine, other) if other != mine and other[-2:] == mine[-2:] else {}
            if each:
                rows.append([f"{mine} overtakes {other}"] + [f"{moment(t, number)}" for t in each.values()])
    programs = list(dict.fromkeys(p for p, _ in found))
    return text + ("\n\nFrom when on more than the other's.\n\n" + table(["", *programs], rows) if rows else "")
