"""Traces: W3C context in and out, spans by OTLP to a real receiver, and a collector that is away costs nobody a request."""

import json
import time

import harness
from operations import FolderTestCase, figures, figures_port
from otlp_receiver import Collector
from webhook_receiver import Receiver

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def attributes(span):
    return {item["key"]: next(iter(item["value"].values())) for item in span["attributes"]}


class Tracing(FolderTestCase):
    def collector(self, status=200):
        collector = Collector(harness.free_port(), status)
        self.addCleanup(collector.stop)
        return collector

    def test_spans(self):
        """a request in a caller's trace, the job that it makes and the webhook that the job sends are one trace at the collector"""
        collector = self.collector()
        server = self.serve("--otlp-endpoint", collector.url, "--log-level", "debug", environment={"BATON_OTLP_HEADERS": "X-Scope=tests"})
        receiver = Receiver()
        self.addCleanup(receiver.stop)
        server.kw("ir.config_parameter", "set_param", ["webhooks.allowed_networks", "127.0.0.1"])
        server.kw("ir.config_parameter", "set_param", ["governance.direct_changes", "webhook.endpoint"])
        endpoint = server.kw("webhook.endpoint", "create", [{"name": "traced", "url": receiver.url}])
        receiver.secret = server.kw("webhook.endpoint", "action_rotate_secret", [[endpoint]])["secret"]
        uid = server.login()
        call = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": {"service": "object", "method": "execute_kw", "args": [
            harness.DATABASE, uid, harness.PASSWORD, "webhook.endpoint", "action_send_test", [[endpoint]]]}}
        _, headers, _ = server.post_json("/jsonrpc", call, {"traceparent": f"00-{TRACE}-{PARENT}-01", "X-Request-Id": "traced-1"})
        self.assertEqual(headers["x-request-id"], "traced-1")
        sent = receiver.wait(1)[0][0]
        self.assertTrue(sent["traceparent"].startswith(f"00-{TRACE}-"), sent)
        mine = [span for span in collector.wait(lambda spans: len([s for s in spans if s["traceId"] == TRACE]) >= 3) if span["traceId"] == TRACE]
        by_name = {span["name"]: span for span in mine}
        self.assertEqual(set(by_name), {"POST /jsonrpc", "job webhook.send", "webhook"})
        request, job, webhook = by_name["POST /jsonrpc"], by_name["job webhook.send"], by_name["webhook"]
        self.assertEqual((request["parentSpanId"], job["parentSpanId"], webhook["parentSpanId"]), (PARENT, request["spanId"], job["spanId"]))
        self.assertEqual(sent["traceparent"].split("-")[2], webhook["spanId"])
        self.assertEqual((request["kind"], webhook["kind"], job["kind"]), (2, 3, 5))
        self.assertEqual(attributes(request)["http.response.status_code"], "200")
        self.assertEqual(attributes(request)["baton.request.id"], "traced-1")
        self.assertLessEqual(int(request["startTimeUnixNano"]), int(request["endTimeUnixNano"]))
        self.assertEqual(request["resource"]["service.name"], "baton")
        first = collector.calls()[0]
        self.assertEqual((first["path"], first["headers"]["X-Scope"]), ("/v1/traces", "tests"))
        lines = [json.loads(line) for line in server.log_path.read_text().splitlines() if line.startswith("{")]
        self.assertTrue([line for line in lines if line.get("request.id") == "traced-1" and line.get("trace.id") == TRACE])

    def test_names(self):
        """a span names the pattern of its route and not the path, which may hold a person's token"""
        collector = self.collector()
        server = self.serve("--otlp-endpoint", collector.url)
        server.get("/portal/status/a-secret-token")
        spans = collector.wait(lambda spans: any("status" in span["name"] for span in spans))
        self.assertIn("GET /portal/status/{token}", {span["name"] for span in spans})
        self.assertNotIn("a-secret-token", collector.file.read_text())

    def test_bad_context(self):
        """a header that is none begins a trace of its own"""
        collector = self.collector()
        server = self.serve("--otlp-endpoint", collector.url)
        wrong = [f"00-{TRACE}-{PARENT}", f"00-{'0' * 32}-{PARENT}-01", f"00-{TRACE}-{'0' * 16}-01", f"ff-{TRACE}-{PARENT}-01",
                 f"00-{TRACE.upper()}-{PARENT}-01", f"00-{TRACE}-{PARENT}-01-more", "x" * 55]
        for header in wrong:
            server.get("/portal", headers={"traceparent": header})
        spans = collector.wait(lambda spans: len([s for s in spans if s["name"] == "GET /portal"]) >= len(wrong))
        mine = [span for span in spans if span["name"] == "GET /portal"]
        self.assertEqual(len(mine), len(wrong))
        self.assertFalse([span for span in mine if span["traceId"] == TRACE or "parentSpanId" in span])

    def test_choice(self):
        """what a caller does not keep is not sent, and a part of new traces is kept when that is set"""
        collector = self.collector()
        server = self.serve("--otlp-endpoint", collector.url, "--trace-percent", "0")
        server.get("/portal", headers={"traceparent": f"00-{TRACE}-{PARENT}-00"})
        server.get("/portal")
        server.get("/portal", headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
        spans = collector.wait(lambda spans: any(span["name"] == "GET /portal" for span in spans))
        time.sleep(2.5)
        mine = [span for span in collector.spans() if span["name"] == "GET /portal"]
        self.assertEqual([span["traceId"] for span in mine], [TRACE], spans)

    def test_away(self):
        """a collector that is away or refuses costs spans, which are counted, and no request; the program stops in time"""
        for url in (f"http://127.0.0.1:{harness.free_port()}", self.collector(status=500).url):
            server = self.serve("--otlp-endpoint", url, "--metrics-port", "0")
            for _ in range(50):
                self.assertEqual(server.get("/portal")[0], 200)
            port, deadline, dropped = figures_port(server), time.monotonic() + 20, 0
            while time.monotonic() < deadline and not dropped:
                dropped = figures(port)[1]['baton_trace_spans_total{outcome="dropped"}']
                time.sleep(0.3)
            self.assertGreater(dropped, 0)
            self.assertTrue(server.stop())

    def test_end(self):
        """what waits when the program stops still reaches the collector"""
        collector = self.collector()
        server = self.serve("--otlp-endpoint", collector.url)
        server.get("/portal")
        self.assertTrue(server.stop())
        self.assertIn("GET /portal", {span["name"] for span in collector.spans()})
