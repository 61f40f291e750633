"""The alert rules under Prometheus' own test program: each fires for what it is there for, and none in an hour of ordinary figures."""

import json
import pathlib
import re
import shutil
import subprocess

import yaml

import harness
from operations import FolderTestCase

ALERTS = harness.ROOT / "docs/operations/alerts.yaml"
# Minutes of figures, and the one at which alerts are looked at: after every `for`.
MINUTES, LOOK = 120, 110


def constant(value):
    return f"{value}x{MINUTES}"


def rising(step):
    return f"0+{step}x{MINUTES}"


def requests(failed):
    return {'baton_http_requests_total{job="baton",route="rpc",status="2xx"}': rising(100),
            'baton_http_requests_total{job="baton",route="rpc",status="5xx"}': rising(failed)}


def latencies(quick):
    """A hundred requests a minute, so many of them within a second and the others within five."""
    name = 'baton_http_request_seconds_bucket{job="baton",route="rpc",le="%s"}'
    return {name % "1": rising(quick), name % "5": rising(100), name % "+Inf": rising(100)}


def connections(busy):
    name = 'baton_store_connections{job="baton",instance="a",pool="writers",state="%s"}'
    return {name % "busy": constant(busy), name % "limit": constant(8)}


# What each alert is there for, and what it must put up with.
CASES = {
    "BatonDown": [({'up{job="baton",instance="a"}': constant(0)}, {'up{job="baton",instance="a"}': constant(1)})],
    "BatonNotReady": [({'baton_ready{instance="a"}': constant(0)}, {'baton_ready{instance="a"}': constant(1)}),
                      ({'baton_metrics_database_up{instance="a"}': constant(0)}, {'baton_metrics_database_up{instance="a"}': constant(1)})],
    "BatonRequestsFail": [(requests(5), requests(1))],
    "BatonSlow": [(latencies(80), latencies(98))],
    "BatonQueueStuck": [({'baton_job_oldest_seconds{job="baton",queue="mail"}': constant(900)},
                         {'baton_job_oldest_seconds{job="baton",queue="mail"}': constant(30)})],
    "BatonDeadLetters": [({'baton_dead_letters{job="baton",kind="webhook"}': constant(1)},
                          {'baton_dead_letters{job="baton",kind="webhook"}': constant(0)})],
    "BatonExceptionsOverdue": [({'baton_exceptions_overdue{job="baton"}': constant(2)}, {'baton_exceptions_overdue{job="baton"}': constant(0)})],
    "BatonRulesFail": [({'baton_rules_total{job="baton",outcome="failed"}': rising(2)}, {'baton_rules_total{job="baton",outcome="ran"}': rising(200)})],
    "BatonSchedulesOverdue": [({'baton_schedules{job="baton",state="overdue"}': constant(1)}, {'baton_schedules{job="baton",state="active"}': constant(9)})],
    "BatonWritesWait": [({'baton_waiting_writes{job="baton",instance="a"}': constant(900)}, {'baton_waiting_writes{job="baton",instance="a"}': constant(40)})],
    "BatonConnectionsExhausted": [(connections(8), connections(7))],
    "BatonDiskFillsUp": [({'baton_data_free_bytes{instance="a"}': constant(1_000_000_000)}, {'baton_data_free_bytes{instance="a"}': constant(50_000_000_000)}),
                         # 100 MB less each minute: 46 GB are gone within eight hours.
                         ({'baton_data_free_bytes{instance="a"}': f"58000000000-100000000x{MINUTES}"},
                          {'baton_data_free_bytes{instance="a"}': f"58000000000-1000000x{MINUTES}"})],
    "BatonBackupMissing": [({'baton_backup_age_seconds{job="baton"}': constant(100_000)}, {'baton_backup_age_seconds{job="baton"}': constant(80_000)}),
                           ({'up{job="baton"}': constant(1)}, {'baton_backup_age_seconds{job="baton"}': constant(60)})],
    "BatonTrailUnsigned": [({'baton_audit_unsigned_entries{job="baton"}': constant(9_000)}, {'baton_audit_unsigned_entries{job="baton"}': constant(900)})],
    "BatonMemoryHigh": [({'process_resident_memory_bytes{job="baton",instance="a"}': constant(3_000_000_000)},
                         {'process_resident_memory_bytes{job="baton",instance="a"}': constant(200_000_000)})],
    "BatonTracesLost": [({'baton_trace_spans_total{job="baton",outcome="dropped"}': rising(1)},
                         {'baton_trace_spans_total{job="baton",outcome="dropped"}': constant(7)})],
}


def case(alert, series, fires):
    look = {"expr": f'count(ALERTS{{alertname="{alert}",alertstate="firing"}})', "eval_time": f"{LOOK}m",
            "exp_samples": [{"labels": "{}", "value": 1}] if fires else []}
    return {"interval": "1m", "input_series": [{"series": name, "values": values} for name, values in series.items()], "promql_expr_test": [look]}


class Alerts(FolderTestCase):
    def check(self, rules, cases):
        """What promtool says of cases under the rules of a text: its exit code and words."""
        tool = shutil.which("promtool")
        self.assertTrue(tool, "promtool is not installed: run scripts/setup --tests")
        self.write("alerts.yaml", rules)
        file = self.write("cases.yaml", json.dumps({"rule_files": ["alerts.yaml"], "evaluation_interval": "1m", "tests": cases}))
        run = subprocess.run([tool, "test", "rules", file], capture_output=True, text=True, timeout=60)
        return run.returncode, run.stdout + run.stderr

    def test_fire(self):
        """each alert fires for what it is there for and keeps quiet short of it; no alert is without such a case"""
        names = {rule["alert"] for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]}
        self.assertEqual(set(CASES), names)
        cases = [case(alert, series, fires) for alert, pairs in CASES.items() for pair in pairs for series, fires in zip(pair, (True, False))]
        code, said = self.check(ALERTS.read_text(), cases)
        self.assertEqual(code, 0, said)

    def test_control(self):
        """the cases notice a rule that never fires, and one that always does"""
        (bad, good), = CASES["BatonQueueStuck"]
        text = pathlib.Path(ALERTS).read_text()
        self.assertNotEqual(self.check(re.sub(r"> 600\b", "> 6000", text), [case("BatonQueueStuck", bad, True)])[0], 0)
        self.assertNotEqual(self.check(re.sub(r"> 600\b", "> 6", text), [case("BatonQueueStuck", good, False)])[0], 0)
