"""python3 -m unittest: what the tables say, from measurements made up here."""

import argparse
import importlib.machinery
import importlib.util
import sys
import unittest
from unittest import mock

sys.dont_write_bytecode = True
import peers
import plot
import report
import warmup


def script(name):
    """A script of this directory, whose name has no .py, as a module."""
    loader = importlib.machinery.SourceFileLoader(name, str(peers.HERE / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


def run(peer, laps, cpu, round_number=0, program="p", part="steady", marks=None):
    """A run whose measured part takes so many laps and CPU seconds, and twice the wall time, after 3 laps in 1 s."""
    return {"kind": "run", "part": part, "round": round_number, "program": program, "peer": peer, "load": 1.0,
            "marks": marks or [[1, 0.5, 0.4], [3, 1.0, 1.0], [3 + laps, 1.0 + 2 * cpu, 1.0 + cpu]]}


def rows(*runs):
    peers = {"native": "host", "qemu-k": "kernel", "sys161-k": "kernel", "sys161-u": "user", "kseg-jit-k": "kernel",
             "kseg-jit-u": "user"}
    return [{"kind": "host", "time": "t", "cpu": "c", "cores": 2, "kernel": "k", "rounds": 1, "steady": 1},
            *({"kind": "peer", "name": n, "mode": m, "version": "1", "absent": ""} for n, m in peers.items()),
            *({"kind": "program", "name": n, "instructions": 1000000} for n in ("p", "q", "r", "smp", "cnt-mmio")),
            *runs]


def curve(*points):
    """Marks from (seconds, laps)."""
    return [[laps, seconds, seconds] for seconds, laps in points]


class SteadyTest(unittest.TestCase):
    def test_a_lap_costs_what_passes_between_two_marks(self):
        data = report.Data(rows(run("sys161-k", 20, 2.0)))
        self.assertAlmostEqual(data.cells["p", "sys161-k"].cpu, 0.1)
        self.assertAlmostEqual(data.cells["p", "sys161-k"].wall, 0.2)
        self.assertAlmostEqual(data.starts["sys161-k"], 0.5)

    def test_median_over_rounds_ignores_the_disturbed_one(self):
        runs = [run("sys161-k", 10, cpu, i) for i, cpu in enumerate((1.0, 9.0, 1.1))]
        cell = report.Data(rows(*runs)).cells["p", "sys161-k"]
        self.assertAlmostEqual(cell.cpu, 0.11)
        self.assertAlmostEqual(cell.spread, 0.8 / 0.11)

    def test_ratio_is_geometric_and_skips_what_one_side_lacks(self):
        runs = []
        for program, slow, fast in (("p", 8, 1), ("q", 2, 1), ("r", 5, None)):
            runs.append(run("sys161-k", 1, slow, program=program))
            if fast:
                runs.append(run("kseg-jit-k", 1, fast, program=program))
        data = report.Data(rows(*runs))
        self.assertEqual({p: round(r, 9) for p, r in data.ratios("sys161-k", "kseg-jit-k").items()}, {"p": 8, "q": 2})
        self.assertIn("| sys161-k | **4.00** (2), 2.00–8.00, wall 4.00 |", report.markdown(rows(*runs)))

    def test_figures_name_the_worst_program(self):
        runs = [run("qemu-k", 1, 2.0), run("qemu-k", 1, 0.5, program="q"), run("native", 1, 0.25),
                run("kseg-jit-k", 1, 1.0), run("kseg-jit-k", 1, 1.0, program="q")]
        text = report.markdown(rows(*runs))
        self.assertIn("| kseg-jit | times faster than QEMU system mode | 1.5x | 2x | 1.00 (2) | 0.500 q (k) |", text)
        self.assertIn("| kseg-jit | times slower than native | 3x | 2.5x | 4.00 (1) | 4.00 p (k) |", text)

    def test_rate_counts_all_cpus(self):
        runs = [run("kseg-jit-k", 10, 0.0625, program="smp-1"), run("kseg-jit-k", 10, 0.3125, program="smp-4")]
        data = report.Data(rows(*runs))
        self.assertAlmostEqual(data.rate("smp-1", "kseg-jit-k") / 1e6, 160)
        self.assertAlmostEqual(data.rate("smp-4", "kseg-jit-k") / 1e6, 128)
        self.assertIn("| kseg-jit-k | 160 (1.00), 80.0 | 128 (0.800), 64.0 |", report.markdown(rows(*runs)))

    def test_events_are_told_in_nanoseconds(self):
        runs = [run("sys161-u", 1, 0.04, program="cnt-mmio"), run("kseg-jit-u", 1, 0.01, program="cnt-mmio")]
        text = report.markdown(rows(*runs))
        self.assertIn("| cnt-mmio | access to a device register | 1000 | 250 |", text)
        self.assertIn("Times faster is kseg-jit-u, geometric means: 4.00 than sys161-u.", text)

    def test_data_of_two_runs_a_cell_can_still_be_read(self):
        old = [{"kind": "run", "part": part, "round": 0, "program": "p", "peer": "sys161-k", "laps": laps, "wall": cpu,
                "cpu": cpu, "load": 1.0, "hash": "0"} for part, laps, cpu in (("short", 10, 1.5), ("long", 30, 3.5))]
        self.assertAlmostEqual(report.Data(rows(*old)).cells["p", "sys161-k"].cpu, 0.1)
        self.assertEqual(report.Data(rows(old[0])).cells, {})

    def test_failures_and_absences_are_told(self):
        data = rows(run("sys161-k", 1, 1))
        data.append({"kind": "failed", "program": "p", "peer": "sys161-u", "why": "hash 1, expected 2"})
        data.append({"kind": "peer", "name": "gxemul-k", "mode": "kernel", "version": "", "absent": "not found"})
        text = report.markdown(data)
        self.assertIn("p on sys161-u: hash 1, expected 2", text)
        self.assertIn("gxemul-k: absent (not found)", text)
        self.assertIn("<circle", plot.speeds(data))


class SessionTest(unittest.TestCase):
    compare = script("compare")

    def session(self, **settings):
        opt = argparse.Namespace(**{"warm": 2.0, "steady": 1.0, "warmup_seconds": 5, **settings})
        return self.compare.Session(opt, [], {"p": report.Program("0", 1000)}, None)

    def watched(self, marks):
        """A stand-in for peers.watch that has these marks to give."""
        def watch(peer, program, every, enough):
            seen = []
            for mark in marks:
                seen.append(mark)
                if enough(seen):
                    return seen
            self.fail("never enough")
        return mock.patch.object(peers, "watch", watch)

    def test_measuring_begins_after_warming_up_and_lasts(self):
        marks = [(n, n / 2, n / 4) for n in range(1, 100)]
        for warms, expected in ((True, [1, 8, 20]), (False, [1, 1, 5])):
            with self.watched(marks):
                peer = peers.Peer("x", "k", None, 1e6, None, warms=warms)
                self.assertEqual([m[0] for m in self.session().steady(peer, "p")], expected)

    def test_curves_are_thinned_and_keep_their_end(self):
        with self.watched([(n, n / 200, n / 200) for n in range(1, 1001)]):
            marks = self.session().warmup(peers.Peer("x", "k", None, 1e6, None), "p")
        self.assertEqual((marks[0][0], marks[-1][0], len(marks)), (1, 1000, 334))

    def test_parts_name_their_programs(self):
        known = {"fib": None, "cnt-tlb": None, "smp": None}
        for parts, programs, expected in (("steady,smp", None, ["fib", "smp-1", "smp-2", "smp-4", "smp-8", "smp-32"]),
                                          ("system", None, ["cnt-tlb"]), ("steady,smp", "smp-4,cnt-tlb", ["smp-4"])):
            opt = argparse.Namespace(parts=parts, programs=programs, warmup_programs="fib")
            self.assertEqual(self.compare.selected(opt, known), (expected, []))
        opt = argparse.Namespace(parts="warmup", programs=None, warmup_programs="fib")
        self.assertEqual(self.compare.selected(opt, known), ([], ["fib"]))


class WarmupTest(unittest.TestCase):
    def test_between_marks_laps_are_in_proportion(self):
        line = [(1.0, 10), (2.0, 30)]
        self.assertEqual([warmup.at(line, t) for t in (0.5, 1.0, 1.5, 2.0, 2.1)], [5, 10, 20, 30, None])

    def test_crossing_is_the_last_one(self):
        steady = [(t, 10 * t) for t in (1.0, 2.0, 3.0, 4.0)]
        late = [(1.0, 15), (2.0, 15), (3.0, 25), (4.0, 60)]
        self.assertAlmostEqual(warmup.crossing(late, steady), 3 + 5 / 25)
        self.assertIsNone(warmup.crossing(steady, late))
        self.assertEqual(warmup.crossing(steady, [(4.0, 39)]), 0.0)

    def test_table_and_figures(self):
        runs = [run("sys161-k", 0, 0, part="warmup", marks=curve((1, 100), (10, 1000))),
                run("kseg-jit-k", 0, 0, part="warmup", marks=curve((0.5, 0.1), (1.5, 300), (10, 9000)))]
        text = report.markdown(rows(*runs))
        self.assertIn("| p, sys161-k | 50.0 | 100 | 200 | 500 | 1000 |", text)
        self.assertIn("| kseg-jit | instructions ahead of sys161, kernel | from 1 s | from 1 s | 0.750 s (1) |", text)
        self.assertIn("| kseg-jit-k overtakes sys161-k | 0.750 s |", text)
        self.assertEqual(plot.warmups(rows(*runs)).count("<polyline"), 2)


class Os161Test(unittest.TestCase):
    os161 = script("os161")

    def row(self, test, peer, wall, code=0, trouble=""):
        return {"test": test, "tree": "/x/name/root", "commands": f"c{test};q", "peer": peer, "wall": wall, "code": code,
                "trouble": trouble}

    def test_a_line_names_tree_settings_and_commands(self):
        self.assertEqual(self.os161.parse("/t cpus=4 ram=8M p /testbin/x a=b;q\n"),
                         {"tree": "/t", "cpus": "4", "ram": "8M", "commands": "p /testbin/x a=b;q"})

    def test_long_and_short_tests_are_told_apart(self):
        text = self.os161.markdown([self.row(0, "sys161", 40), self.row(0, "kseg", 4), self.row(1, "sys161", 9),
                                    self.row(1, "kseg", 3)])
        self.assertIn("takes at least 20 s, kseg: geometric mean 10.0 (1), worst 10.0 `name: c0;q`", text)
        self.assertIn("takes less than 20 s, kseg: geometric mean 3.00 (1), worst 3.00 `name: c1;q`", text)

    def test_runs_that_end_differently_have_no_ratio(self):
        text = self.os161.markdown([self.row(0, "sys161", 40), self.row(0, "kseg", 4, 1, "panic: x")])
        self.assertIn("| `name: c0;q` | 40.0 | 4.00 | – | kseg: panic: x |", text)
        self.assertNotIn("geometric", text)


class MarksTest(unittest.TestCase):
    def test_banners_have_no_marks(self):
        self.assertEqual(peers._dots(b"sys161: System/161 release 2.0.8, compiled\n.."), 2)
        self.assertEqual(peers._dots(b"."), 1)
        self.assertEqual(peers._dots(b"\n"), 0)


if __name__ == "__main__":
    unittest.main()
