"""The page for Prometheus: who may read it, and what its figures say."""

import json
import socket
import time

import harness
from operations import FolderTestCase, baton, figures, figures_port

TOKEN = "a-token-of-enough-characters"


class Metrics(FolderTestCase):
    def test_closed(self):
        """nothing is given out unless a port is named, and never on the port of the doors"""
        server = self.serve()
        self.assertNotIn("/metrics", server.log_path.read_text())
        self.assertEqual(server.get("/metrics")[0], 404)

    def test_refused(self):
        """without the token, with a wrong one or as basic authentication nothing is given out, and the callers are counted"""
        server = self.serve("--metrics-port", "0", environment={"BATON_METRICS_TOKEN": TOKEN})
        port = figures_port(server)
        for token in (None, "wrong-token-of-enough-characters", TOKEN[:-1], TOKEN + "x", ""):
            status, text = figures(port, token)
            self.assertEqual(status, 401, token)
            self.assertEqual(json.loads(text)["code"], "metrics.unauthenticated")
            self.assertNotIn("baton_", text)
        self.assertEqual(figures(port, TOKEN)[0], 200)
        self.assertEqual(server.get("/metrics")[0], 404)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            cases = server.search_read("ops.exception", [["cause", "=", "security.unauthorised"]], ["reference", "name"])
            if cases:
                break
            time.sleep(0.3)
        self.assertTrue(cases)

    def test_other_machines(self):
        """an address beyond this machine needs a token"""
        run = baton("serve", "--data", self.folder / "d", "--port", "0", "--metrics-port", "0", "--metrics-host", "0.0.0.0")
        self.assertEqual(run.returncode, 64)
        self.assertIn("metrics-token", run.stderr)

    def test_figures(self):
        """figures rise with what happens: requests by route and status, units, commits, the trail, exceptions, dead letters"""
        server = self.serve("--metrics-port", "0")
        port = figures_port(server)
        before = figures(port)[1]
        server.kw("res.partner", "create", [{"name": "Counted"}])
        server.get("/portal")
        server.get("/fhir/Patient/1")
        time.sleep(5.1)
        after = figures(port)[1]
        for name in ('baton_http_requests_total{route="rpc",status="2xx"}', 'baton_http_requests_total{route="portal",status="2xx"}',
                     'baton_http_requests_total{route="fhir",status="4xx"}', 'baton_http_request_seconds_count{route="rpc"}',
                     'baton_units_total{outcome="committed"}', "baton_commits_total", "baton_audit_entries"):
            self.assertGreater(after[name], before.get(name, 0), name)
        self.assertEqual(after['baton_http_request_seconds_bucket{route="rpc",le="+Inf"}'], after['baton_http_request_seconds_count{route="rpc"}'])
        self.assertEqual(after["baton_ready"], 1)
        self.assertEqual(after["baton_metrics_database_up"], 1)
        self.assertGreater(after["process_resident_memory_bytes"], 10 << 20)
        self.assertLess(abs(after["process_start_time_seconds"] - time.time()), 600)
        self.assertIn('baton_dead_letters{kind="webhook"}', after)
        self.assertIn('baton_schedules{state="overdue"}', after)

    def test_names(self):
        """a request keeps the name that its caller gave when it is a plain one, and gets one when it is not"""
        server = self.serve()
        for given, kept in (("abc-1.2_3", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ('"', False), ("", False)):
            name = server.get("/portal", headers={"X-Request-Id": given})[1]["x-request-id"]
            self.assertEqual(name == given, kept, given)
            self.assertRegex(name, r"^[A-Za-z0-9._-]{1,64}$")
        self.assertIn("x-request-id", server.get("/login")[1])
        self.assertIn("x-request-id", server.get("/nowhere")[1])


class Ready(FolderTestCase):
    def test_draining(self):
        """a server that is asked to stop says no to /ready at once, is healthy, serves on for the drain, and then ends with 0"""
        server = self.serve("--drain-seconds", "3")
        self.assertEqual(server.get("/ready")[0], 200)
        server.process.terminate()
        time.sleep(0.5)
        status, _, body = server.get("/ready")
        self.assertEqual((status, json.loads(body)["status"]), (503, "stopping"))
        self.assertEqual(server.get("/health")[0], 200)
        self.assertTrue(server.login())
        self.assertEqual(server.process.wait(20), 0)
        with self.assertRaises(OSError):
            socket.create_connection(("127.0.0.1", server.port), 1)
