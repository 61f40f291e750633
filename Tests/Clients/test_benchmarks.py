"""The benchmark beside a second server: what it says of one that cannot be measured, and the ratios of one that can."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

import harness

BENCHMARKS = harness.ROOT / "Benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import growth  # noqa: E402
import peer  # noqa: E402


def bench(*options, timeout=180):
    return subprocess.run(
        [str(BENCHMARKS / "run"), *map(str, options)], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=timeout,
        env={**os.environ, "BATON_BINARY": str(harness.binary())})


class Peer(harness.ServedTestCase):
    maxDiff = None

    def refused(self, url, *more):
        done = bench("--peer", url, *more, timeout=30)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        self.assertNotIn("seeded", done.stdout, "minutes were spent before the peer was asked")
        return done.stderr

    def test_refused(self):
        """a peer that is not there, is no such server, or does not let us in ends the run at once with what to do"""
        self.assertIn("is no address", self.refused("localhost"))
        self.assertIn("does not answer", self.refused(f"http://127.0.0.1:{harness.free_port()}"))
        self.assertIn("no JSON-RPC", self.refused(self.server.url + "/app"))
        inside = ("--peer-db", harness.DATABASE, "--peer-user", harness.ADMIN, "--peer-password", "wrong")
        self.assertIn("Check --peer-db", self.refused(self.server.url, *inside))

    def test_ratio(self):
        """a second server is driven by the same client in turn with ours, and each ratio is ours by its"""
        other = harness.Server(demo=False)
        self.addCleanup(other.forget)
        other.start()
        with tempfile.NamedTemporaryFile() as file:
            done = bench(
                "--quick", "--leads", 300, "--scenario", "search_read", "--peer", other.url, "--peer-db", harness.DATABASE, "--peer-user",
                harness.ADMIN, "--peer-password", harness.PASSWORD, "--peer-pid", other.process.pid, "--json", file.name)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            figures = json.load(open(file.name))
        self.assertEqual(other.kw("crm.lead", "search_count", [[]]), 300)
        for concurrency in (1, 8, 32):
            for name in ("requests_ratio", "p50_ratio", "cpu_ratio"):
                found = figures[f"peer.search_read.{name}_c{concurrency}"]
                # The same program on the same machine, for a second each beside other tests.
                self.assertTrue(0.2 < found < 5, f"{name} at {concurrency}: {found}")

    def test_arithmetic(self):
        """a ratio above one says that ours is the better, in requests, latency and CPU; growth is the last size by the first"""
        mine = {"requests_per_s": 300.0, "p50_ms": 1.0, "p95_ms": 2.0, "server_cpu_ms_per_op": 0.5}
        other = {"requests_per_s": 100.0, "p50_ms": 4.0, "p95_ms": 9.0, "server_cpu_ms_per_op": 1.0}
        figures = peer.table([("write", 8, mine)], [("write", 8, other)])
        self.assertEqual(figures, {"peer.write.requests_ratio_c8": 3, "peer.write.p50_ratio_c8": 4, "peer.write.cpu_ratio_c8": 2})
        self.assertEqual(growth.ratios({"create": [1.0, 1.2, 1.5]}), {"growth.create.ratio": 1.5})


if __name__ == "__main__":
    unittest.main()
