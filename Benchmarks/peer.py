"""A second server that speaks the same API, measured in the same run: its requests a second and latencies beside ours, as ratios."""

import http.client
import json
import urllib.parse

SECONDS = 10


class Unusable(Exception):
    """The peer cannot be measured, with what to do about it."""


class Target:
    """Who is asked, and whose CPU time is counted."""

    def __init__(self, url, database, user, password, pids=()):
        self.url, self.database, self.user, self.password, self.pids = url, database, user, password, list(pids)

    def call(self, service, method, *arguments):
        """What `/jsonrpc` answers; `Unusable` when nobody does, or somebody else."""
        place = urllib.parse.urlsplit(self.url)
        if place.scheme not in ("http", "https") or not place.hostname:
            raise Unusable(f"{self.url!r} is no address. Give one such as http://127.0.0.1:8069.")
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": {"service": service, "method": method, "args": list(arguments)}}
        try:
            connection = kind(place.hostname, place.port, timeout=SECONDS)
            connection.request("POST", place.path.rstrip("/") + "/jsonrpc", json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            status, text = answer.status, answer.read()
            connection.close()
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Unusable(f"{self.url} does not answer ({error}). Start it, or give the address of one that runs.") from None
        try:
            found = json.loads(text)
            if status == 200 and ("result" in found or "error" in found):
                return found
        except (ValueError, TypeError):
            pass
        raise Unusable(f"{self.url}/jsonrpc answers with HTTP {status} and no JSON-RPC. Give the address of a server with Odoo's API.")

    def check(self):
        """Refuses a server that cannot be measured before minutes are spent on ours; gives what it calls itself."""
        version = self.call("common", "version").get("result") or {}
        answer = self.call("common", "authenticate", self.database, self.user, self.password, {})
        user = answer.get("result")
        if not user:
            said = (answer.get("error") or {}).get("data", {}).get("message")
            raise Unusable(
                f"{self.url} lets {self.user} not into the database {self.database}{f' ({said})' if said else ''}. "
                "Check --peer-db, --peer-user and --peer-password.")
        leads = self.call("object", "execute_kw", self.database, user, self.password, "crm.lead", "search_count", [[]])
        if "error" in leads:
            raise Unusable(f"{self.url} has no crm.lead that {self.user} may read. Install the CRM there, or give an administrator.")
        return version.get("server_version", "unknown")


def ratio(ours, theirs):
    return ours / theirs if ours and theirs else None


def table(ours, theirs):
    """Prints both for each scenario and concurrency; the ratios by name, above 1 where ours is the better."""
    figures = {}
    print(f"\n  {'scenario':14} {'c':>3} {'ours/s':>9} {'peer/s':>9} {'ratio':>7} {'p50 ours':>9} {'p50 peer':>9} {'p95 ours':>9} {'p95 peer':>9} {'CPU ours':>9} {'CPU peer':>9}")
    for (name, concurrency, mine), (_, _, other) in zip(ours, theirs):
        found = ratio(mine["requests_per_s"], other["requests_per_s"])
        costs = [got.get("server_cpu_ms_per_op") for got in (mine, other)]
        print(
            f"  {name:14} {concurrency:3} {mine['requests_per_s']:9.1f} {other['requests_per_s']:9.1f} {found or 0:6.2f}x {mine['p50_ms']:9.2f} "
            f"{other['p50_ms']:9.2f} {mine['p95_ms']:9.2f} {other['p95_ms']:9.2f} " + " ".join(f"{cost or 0:9.3f}" if cost else f"{'-':>9}" for cost in costs), flush=True)
        figures[f"peer.{name}.requests_ratio_c{concurrency}"] = found
        figures[f"peer.{name}.p50_ratio_c{concurrency}"] = ratio(other["p50_ms"], mine["p50_ms"])
        if all(costs):
            figures[f"peer.{name}.cpu_ratio_c{concurrency}"] = ratio(costs[1], costs[0])
    return figures
