"""python3 -m unittest: what the tables say, from measurements made up here."""

import unittest

import report


def run(peer, part, laps, cpu, round_number=0, program="p", retired=None):
    row = {"kind": "run", "round": round_number, "program": program, "peer": peer, "part": part, "laps": laps,
           "load": 1.0, "wall": 2 * cpu, "cpu": cpu, "hash": "0"}
    return {**row, "retired": retired} if retired else row


def rows(*runs):
    peers = {"kseg-interp-k": "kernel", "sys161-k": "kernel", "sys161-u": "user"}
    return [{"kind": "host", "time": "t", "cpu": "c", "cores": 2, "kernel": "k", "rounds": 1, "steady": 1},
            *({"kind": "peer", "name": n, "mode": m, "version": "1", "absent": ""} for n, m in peers.items()), *runs]


class ReportTest(unittest.TestCase):
    def test_a_lap_costs_the_difference_and_start_up_is_the_rest(self):
        cell = report.Data(rows(run("sys161-k", "short", 10, 1.5), run("sys161-k", "long", 30, 3.5))).cells["p", "sys161-k"]
        self.assertAlmostEqual(cell.cpu, 0.1)
        self.assertAlmostEqual(cell.wall, 0.2)
        self.assertAlmostEqual(cell.start_cpu, 0.5)

    def test_median_over_rounds_ignores_the_disturbed_one(self):
        runs = []
        for i, long in enumerate((1.1, 9.0, 1.2)):
            runs += [run("sys161-k", "short", 0, 0.1, i), run("sys161-k", "long", 10, long, i)]
        self.assertAlmostEqual(report.Data(rows(*runs)).cells["p", "sys161-k"].cpu, 0.11)

    def test_ratio_is_geometric_and_skips_what_one_side_lacks(self):
        runs = []
        for program, slow, fast in (("p", 8, 1), ("q", 2, 1), ("r", 5, None)):
            for peer, cpu in (("sys161-k", slow), ("kseg-interp-k", fast)):
                if cpu:
                    runs += [run(peer, "short", 0, 0, program=program), run(peer, "long", 1, cpu, program=program)]
        data = report.Data(rows(*runs))
        self.assertEqual(data.ratios("sys161-k", "kseg-interp-k"), [8, 2])
        self.assertIn("| sys161-k | **4.00** (2), 2.00–8.00, wall 4.00 |", report.markdown(rows(*runs)))

    def test_half_a_measurement_is_no_cell(self):
        data = report.Data(rows(run("sys161-k", "short", 1, 1)))
        self.assertEqual(data.cells, {})
        self.assertEqual(data.ratios("sys161-k", "kseg-interp-k"), [])

    def test_instruction_count_prefers_kseg(self):
        runs = []
        for peer, count in (("sys161-k", 1100), ("kseg-interp-k", 1000)):
            runs += [run(peer, "short", 0, 0, retired={"kernel": 50, "user": 0}),
                     run(peer, "long", 10, 1, retired={"kernel": 50 + 10 * count, "user": 0})]
        self.assertEqual(report.Data(rows(*runs)).instructions("p", "kernel"), 1000)

    def test_failures_and_absences_are_told(self):
        data = rows(run("sys161-k", "short", 1, 1), run("sys161-k", "long", 2, 2))
        data.append({"kind": "failed", "program": "p", "peer": "sys161-u", "why": "hash 1, expected 2"})
        data.append({"kind": "peer", "name": "gxemul", "mode": "kernel", "version": "", "absent": "not found"})
        text = report.markdown(data)
        self.assertIn("p on sys161-u: hash 1, expected 2", text)
        self.assertIn("gxemul: absent (not found)", text)
        self.assertIn("<svg", report.svg(data))


if __name__ == "__main__":
    unittest.main()
