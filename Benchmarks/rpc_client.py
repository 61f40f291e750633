#!/usr/bin/env python3
"""Benchmark client for any server that speaks Odoo's external JSON-RPC API.

Pure standard library. It only uses POST /jsonrpc (services `common` and `object`, method
`execute_kw`), so it runs unchanged against Odoo 19 and against a compatible server.

  rpc_client.py --url http://127.0.0.1:8069 --db baton --user admin --password P \
      --scenario search_read --concurrency 8 --seconds 10

Scenarios (one "op" may be several requests):
  seed              bring crm.lead up to --seed-count records (not timed as a scenario; prints a figure)
  create            1 request : crm.lead create, one record
  create_batch      1 request : crm.lead create, 100 records in one call
  search_read       1 request : search_read crm.lead, 3-clause domain, 9 fields, limit 80, ordered
  write             1 request : write stage_id or priority on one random seeded lead
  read_group        1 request : read_group by stage_id,user_id (lazy=False), sum of expected_revenue
  formatted_read_group  same through Odoo 19's formatted_read_group
  automation        2 requests: create + write crm.lead with 5 active base.automation rules
  automation_off    the same 2 requests with the rules inactive (what the rules cost)
  po_flow           3 requests: create purchase.order with 3 lines, button_confirm, read state
  version           1 request : common.version (protocol floor: no authentication, no database)
  login             1 request : common.login (n8n's Odoo node does one before every node execution)

Prints one JSON object: requests_per_s, ops_per_s, p50/p95/p99 ms per op, errors.
--procs N spreads the connections over N client processes (for servers faster than one Python loop).
--pids a,b,... adds server CPU seconds per request, and peak RSS, summed over those processes and
their descendants: on a machine shared with other jobs, CPU per request (and min_ms/p10_ms at concurrency 1) are the
steadier figures.
"""
import argparse
import asyncio
import json
import multiprocessing
import os
import random
import sys
import time
import urllib.parse

RULE_PREFIX = "BENCH rule "
MARK = "bench-auto"


# ------------------------------------------------------------------ transport
class RpcError(Exception):
    pass


class Conn:
    """One HTTP/1.1 connection with keep-alive; reconnects when the server closes."""

    def __init__(self, url, timeout):
        u = urllib.parse.urlsplit(url)
        self.host, self.port = u.hostname, u.port or (443 if u.scheme == "https" else 80)
        self.ssl = u.scheme == "https" or None
        self.path = (u.path.rstrip("/") or "") + "/jsonrpc"
        self.timeout = timeout
        self.r = self.w = None
        self.connects = 0
        self.seq = 0
        self.bytes_in = 0

    def close(self):
        if self.w is not None:
            self.w.close()
        self.r = self.w = None

    async def _send(self, body):
        if self.w is None:
            self.r, self.w = await asyncio.open_connection(self.host, self.port, ssl=self.ssl, limit=1 << 22)
            self.connects += 1
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.w.write(head.encode() + body)
        status_line = await self.r.readline()
        if not status_line:
            raise ConnectionResetError("closed before the status line")
        status = int(status_line.split()[1])
        length, chunked, keep = None, False, status_line.startswith(b"HTTP/1.1")
        while True:
            line = await self.r.readline()
            if line in (b"\r\n", b"\n", b""):
                break
            k, _, v = line.decode("latin1").partition(":")
            k, v = k.lower(), v.strip().lower()
            if k == "content-length":
                length = int(v)
            elif k == "transfer-encoding" and "chunked" in v:
                chunked = True
            elif k == "connection":
                keep = "close" not in v
        if chunked:
            parts = []
            while True:
                size = int((await self.r.readline()).split(b";")[0], 16)
                if size:
                    parts.append(await self.r.readexactly(size))
                await self.r.readline()
                if not size:
                    break
            data = b"".join(parts)
        elif length is not None:
            data = await self.r.readexactly(length)
        else:
            data, keep = await self.r.read(-1), False
        if not keep:
            self.close()
        self.bytes_in += len(data)
        return status, data

    async def call(self, service, method, args):
        self.seq += 1
        body = json.dumps(
            {"jsonrpc": "2.0", "method": "call", "params": {"service": service, "method": method, "args": args},
             "id": self.seq}
        ).encode()
        fresh = self.w is None
        try:
            status, data = await asyncio.wait_for(self._send(body), self.timeout)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            if fresh:
                raise
            # an idle keep-alive connection was closed under us: once more on a new one
            status, data = await asyncio.wait_for(self._send(body), self.timeout)
        except BaseException:
            self.close()
            raise
        if status != 200:
            raise RpcError(f"HTTP {status}: {data[:200]!r}")
        msg = json.loads(data)
        if "error" in msg:
            e = msg["error"]
            d = e.get("data") or {}
            raise RpcError(f"{d.get('name')}: {d.get('message') or e.get('message')}")
        return msg.get("result")


class Odoo:
    def __init__(self, args):
        self.a = args
        self.conn = Conn(args.url, args.timeout)
        self.uid = args.uid

    async def login(self):
        self.uid = await self.conn.call("common", "authenticate", [self.a.db, self.a.user, self.a.password, {}])
        if not self.uid:
            raise SystemExit("authentication refused")
        return self.uid

    async def kw(self, model, method, args, kwargs=None):
        return await self.conn.call(
            "object", "execute_kw", [self.a.db, self.uid, self.a.password, model, method, args, kwargs or {}]
        )


# ------------------------------------------------------------------ fixtures
FIRST = ["Amara", "Bela", "Chidi", "Dana", "Emre", "Farah", "Goran", "Hana", "Ines", "Jonas", "Kofi", "Lena"]
LAST = ["Okafor", "Szabo", "Kim", "Haddad", "Novak", "Silva", "Moreau", "Ito", "Nilsson", "Rossi", "Mensah", "Bauer"]
NEED = ["MRI service contract", "Infusion pumps", "Ward refurbishment", "Lab analyser", "Sterile supplies",
        "Telehealth rollout", "Patient transport", "Dialysis chairs", "Imaging archive", "Nurse call system"]


def lead_vals(fx, rnd, tag=""):
    n = rnd.randrange(10**9)
    f, l = rnd.choice(FIRST), rnd.choice(LAST)
    return {
        "name": f"{rnd.choice(NEED)} #{n}{tag}",
        "type": "opportunity",
        "contact_name": f"{f} {l}",
        "partner_name": f"{l} Clinic {n % 997}",
        "email_from": f"{f}.{l}.{n}@example.org".lower(),
        "phone": f"+1 555 {n % 900 + 100} {n % 9000 + 1000}",
        "expected_revenue": float(rnd.randrange(500, 100000)),
        "priority": rnd.choice("0123"),
        "stage_id": rnd.choice(fx["stages"]),
        "user_id": fx["uid"],
        "description": "Requested by the ward manager; see the attached protocol.",
    }


async def ref(o, xmlid_name, model, domain, vals):
    """id of the record matching domain, created when absent (plain search/create: no xmlid needed)."""
    ids = await o.kw(model, "search", [domain], {"limit": 1})
    return ids[0] if ids else await o.kw(model, "create", [vals])


async def spread(o, slices=40, each=500):
    """Leads from the whole table, oldest to newest: with all of them written to, what a larger table costs is seen."""
    ends = [await o.kw("crm.lead", "search", [[]], {"limit": 1, "order": order}) for order in ("id", "id desc")]
    first, last = ends[0][0], ends[1][0]
    found = set()
    for i in range(slices):
        start = first + (last - first) * i // slices
        found.update(await o.kw("crm.lead", "search", [[["id", ">=", start], ["name", "not ilike", MARK]]], {"limit": each, "order": "id"}))
    return sorted(found)


async def fixtures(o, scenario):
    fx = {"uid": o.uid}
    if scenario in ("version", "login"):
        return fx
    if scenario != "po_flow":
        st = await o.kw("crm.stage", "search_read", [[]], {"fields": ["name", "is_won"], "order": "sequence"})
        fx["stages"] = [s["id"] for s in st if not s["is_won"]]
    if scenario == "write":
        fx["ids"] = await spread(o)
    if scenario == "po_flow":
        fx["vendor"] = await ref(o, "v", "res.partner", [["name", "=", "BENCH Vendor"]],
                                 {"name": "BENCH Vendor", "is_company": True})
        fx["products"] = [
            await ref(o, "p", "product.product", [["default_code", "=", f"BENCH-{i}"]],
                      {"name": f"BENCH product {i}", "default_code": f"BENCH-{i}", "type": "consu",
                       "standard_price": 10.0 * (i + 1)})
            for i in range(3)
        ]
    if scenario in ("automation", "automation_off"):
        await rules(o, fx, scenario == "automation")
    return fx


async def rules(o, fx, active):
    """Create (once) the 5 automation rules, then set them active or not."""
    dom = [["name", "=like", RULE_PREFIX + "%"]]
    have = await o.kw("base.automation", "search", [dom], {"context": {"active_test": False}})
    if len(have) != 5:
        if have:
            await o.kw("base.automation", "unlink", [have])
        mid = (await o.kw("ir.model", "search", [[["model", "=", "crm.lead"]]]))[0]

        async def field(name):
            return (await o.kw("ir.model.fields", "search", [[["model", "=", "crm.lead"], ["name", "=", name]]]))[0]

        prio3 = (await o.kw("ir.model.fields.selection", "search",
                            [[["field_id", "=", await field("priority")], ["value", "=", "3"]]]))[0]
        todo = (await o.kw("mail.activity.type", "search", [[["res_model", "=", False]]], {"limit": 1, "order": "sequence,id"}))[0]

        def act_write(name, path, value):
            return [[0, 0, {"name": name, "model_id": mid, "state": "object_write", "usage": "base_automation",
                            "update_path": path, "evaluation_type": "value", "value": value}]]

        def act_todo(name, summary):
            return [[0, 0, {"name": name, "model_id": mid, "state": "next_activity", "usage": "base_automation",
                            "activity_type_id": todo, "activity_summary": summary,
                            "activity_date_deadline_range": 3, "activity_date_deadline_range_type": "days",
                            "activity_user_type": "generic", "activity_user_field_name": "user_id"}]]

        stage2 = fx["stages"][-1]
        specs = [
            {"trigger": "on_create", "filter_domain": "[('type', '=', 'opportunity')]",
             "action_server_ids": act_write("mark source", "referred", MARK)},
            {"trigger": "on_stage_set", "trg_field_ref": stage2, "filter_domain": f"[('stage_id', '=', {stage2})]",
             "trigger_field_ids": [[6, 0, [await field("stage_id")]]],
             "action_server_ids": act_todo("plan follow-up", "Follow up on stage")},
            {"trigger": "on_priority_set", "trg_selection_field_id": prio3, "filter_domain": "[('priority', '=', '3')]",
             "trigger_field_ids": [[6, 0, [await field("priority")]]],
             "action_server_ids": act_write("colour urgent", "color", "1")},
            {"trigger": "on_create_or_write",
             "filter_domain": "[('expected_revenue', '>', 50000), ('type', '=', 'opportunity')]",
             "trigger_field_ids": [[6, 0, [await field("expected_revenue")]]],
             "action_server_ids": act_todo("review value", "Review large value")},
            {"trigger": "on_user_set", "filter_domain": "[('user_id', '!=', False)]",
             "trigger_field_ids": [[6, 0, [await field("user_id")]]],
             "action_server_ids": act_write("set function", "function", "Ward manager")},
        ]
        for i, s in enumerate(specs):
            await o.kw("base.automation", "create", [{"name": f"{RULE_PREFIX}{i + 1}", "model_id": mid, "active": True, **s}])
        have = await o.kw("base.automation", "search", [dom], {"context": {"active_test": False}})
    await o.kw("base.automation", "write", [have, {"active": active}])
    fx["stage2"] = fx["stages"][-1]
    fx["stage1"] = fx["stages"][0]


# ------------------------------------------------------------------ scenarios
async def op_version(o, fx, rnd):
    await o.conn.call("common", "version", [])
    return 1


async def op_login(o, fx, rnd):
    if not await o.conn.call("common", "login", [o.a.db, o.a.user, o.a.password]):
        raise RpcError("login refused")
    return 1


async def op_create(o, fx, rnd):
    await o.kw("crm.lead", "create", [lead_vals(fx, rnd)])
    return 1


async def op_create_batch(o, fx, rnd):
    ids = await o.kw("crm.lead", "create", [[lead_vals(fx, rnd) for _ in range(100)]])
    if len(ids) != 100:
        raise RpcError("batch create returned %r" % (ids,))
    return 1


FIELDS = ["name", "contact_name", "email_from", "stage_id", "user_id", "expected_revenue", "priority", "type", "create_date"]


async def op_search_read(o, fx, rnd):
    low = rnd.randrange(500, 60000)
    await o.kw("crm.lead", "search_read",
               [[["type", "=", "opportunity"], ["expected_revenue", ">=", low], ["priority", "in", ["1", "2", "3"]]]],
               {"fields": FIELDS, "limit": 80, "order": "priority desc, id desc"})
    return 1


async def op_write(o, fx, rnd):
    vals = {"stage_id": rnd.choice(fx["stages"])} if rnd.random() < 0.5 else {"priority": rnd.choice("0123")}
    await o.kw("crm.lead", "write", [[rnd.choice(fx["ids"])], vals])
    return 1


async def op_read_group(o, fx, rnd):
    await o.kw("crm.lead", "read_group", [[["type", "=", "opportunity"]], ["expected_revenue:sum"], ["stage_id", "user_id"]],
               {"lazy": False})
    return 1


async def op_formatted_read_group(o, fx, rnd):
    await o.kw("crm.lead", "formatted_read_group", [[["type", "=", "opportunity"]]],
               {"groupby": ["stage_id", "user_id"], "aggregates": ["__count", "expected_revenue:sum"]})
    return 1


async def op_automation(o, fx, rnd):
    v = lead_vals(fx, rnd, " " + MARK)
    v.update(priority="1", expected_revenue=60000.0, stage_id=fx["stage1"])
    lid = await o.kw("crm.lead", "create", [v])
    await o.kw("crm.lead", "write", [[lid], {"stage_id": fx["stage2"], "priority": "3"}])
    fx["last"] = lid
    return 2


async def op_po_flow(o, fx, rnd):
    pid = await o.kw("purchase.order", "create", [{
        "partner_id": fx["vendor"],
        "order_line": [[0, 0, {"product_id": p, "product_qty": rnd.randrange(1, 20), "price_unit": 9.5 + i}]
                       for i, p in enumerate(fx["products"])],
    }])
    await o.kw("purchase.order", "button_confirm", [[pid]])
    r = await o.kw("purchase.order", "read", [[pid], ["name", "state", "amount_total"]])
    if r[0]["state"] not in ("purchase", "done"):
        raise RpcError("state is %r" % r[0]["state"])
    return 3


OPS = {
    "version": op_version, "login": op_login, "create": op_create, "create_batch": op_create_batch, "search_read": op_search_read,
    "write": op_write, "read_group": op_read_group, "formatted_read_group": op_formatted_read_group,
    "automation": op_automation, "automation_off": op_automation, "po_flow": op_po_flow,
}


async def check_automation(o, lid):
    r = (await o.kw("crm.lead", "read", [[lid], ["referred", "color", "function", "activity_ids"]]))[0]
    return (r["referred"] == MARK and r["color"] == 1 and r["function"] == "Ward manager" and len(r["activity_ids"]) == 2), r


# ------------------------------------------------------------------ measuring
def proc_tree(roots):
    kids, stat = {}, {}
    for p in os.listdir("/proc"):
        if p.isdigit():
            try:
                s = open(f"/proc/{p}/stat").read()
            except OSError:
                continue
            f = s[s.rindex(")") + 2:].split()
            kids.setdefault(int(f[1]), []).append(int(p))
            # own time, plus that of children already reaped (short-lived workers)
            stat[int(p)] = (int(f[11]) + int(f[12]), int(f[13]) + int(f[14]), int(f[21]))
    todo, seen = list(roots), set()
    while todo:
        p = todo.pop()
        if p in seen or p not in stat:
            continue
        seen.add(p)
        todo += kids.get(p, [])
    tick, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    cpu = sum(stat[p][0] + stat[p][1] for p in seen) / tick
    rss = sum(stat[p][2] for p in seen) * page
    return cpu, rss


async def worker(a, fx, seed, t_start, t_end, out):
    o = Odoo(a)
    o.uid = fx["uid"]
    rnd = random.Random(seed)
    op = OPS[a.scenario]
    while True:
        t0 = time.perf_counter()
        if t0 >= t_end:
            break
        try:
            n = await op(o, fx, rnd)
            t1 = time.perf_counter()
            if t1 >= t_start and t1 <= t_end:
                out["lat"].append(t1 - t0)
                out["req"] += n
        except (RpcError, OSError, asyncio.TimeoutError, asyncio.IncompleteReadError, ValueError) as e:
            if time.perf_counter() >= t_start:
                out["err"] += 1
                if len(out["samples"]) < 3:
                    out["samples"].append(f"{type(e).__name__}: {e}"[:300])
            await asyncio.sleep(0.01)
    out["connects"] += o.conn.connects
    out["bytes"] += o.conn.bytes_in
    o.conn.close()


async def drive(a, fx, conc, seed0, t_start, t_end):
    out = {"lat": [], "req": 0, "err": 0, "samples": [], "connects": 0, "bytes": 0}
    await asyncio.gather(*(worker(a, fx, seed0 + i, t_start, t_end, out) for i in range(conc)))
    out["last"] = fx.get("last")
    return out


def child(a, fx, conc, seed0, t_start, t_end, q):
    q.put(asyncio.run(drive(a, fx, conc, seed0, t_start, t_end)))


def pct(xs, p):
    return xs[min(len(xs) - 1, int(round(p / 100 * (len(xs) - 1))))] if xs else None


async def seed(a):
    """Makes leads up to --seed-count, 200 a call, on --concurrency connections: a million of them in minutes."""
    first = Odoo(a)
    await first.login()
    fx = await fixtures(first, "create")
    have = await first.kw("crm.lead", "search_count", [[]])
    t0, wanted = time.perf_counter(), max(0, a.seed_count - have)
    calls = [200] * (wanted // 200) + ([wanted % 200] if wanted % 200 else [])

    async def fill(number):
        o, rnd = Odoo(a), random.Random(1 + number)
        o.uid = fx["uid"]
        while calls:
            await o.kw("crm.lead", "create", [[lead_vals(fx, rnd) for _ in range(calls.pop())]])
        o.conn.close()

    await asyncio.gather(*(fill(number) for number in range(max(1, a.concurrency))))
    first.conn.close()
    dt = time.perf_counter() - t0
    print(json.dumps({"scenario": "seed", "had": have, "created": wanted, "seconds": round(dt, 1),
                      "records_per_s": round(wanted / dt, 1) if wanted else None}))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--url", default="http://127.0.0.1:8069")
    ap.add_argument("--db", default="baton")
    ap.add_argument("--user", default="admin")
    ap.add_argument("--password", default="admin")
    ap.add_argument("--scenario", required=True, choices=["seed", *OPS])
    ap.add_argument("--concurrency", type=int, default=8)
    ap.add_argument("--seconds", type=float, default=10)
    ap.add_argument("--warmup", type=float, default=2)
    ap.add_argument("--timeout", type=float, default=120)
    ap.add_argument("--procs", type=int, default=1)
    ap.add_argument("--seed-count", type=int, default=20000)
    ap.add_argument("--pids", default="", help="server root pids, comma-separated, for CPU and RSS figures")
    ap.add_argument("--label", default="")
    a = ap.parse_args()
    a.uid = None
    if a.scenario == "seed":
        return asyncio.run(seed(a))

    async def prepare():
        o = Odoo(a)
        if a.scenario != "version":
            await o.login()
        fx = await fixtures(o, a.scenario)
        o.conn.close()
        return fx

    fx = asyncio.run(prepare())
    if a.scenario.startswith("automation"):
        time.sleep(1)  # other server processes pick the changed rules up
    procs = max(1, min(a.procs, a.concurrency))
    share = [a.concurrency // procs + (1 if i < a.concurrency % procs else 0) for i in range(procs)]
    t_start = time.perf_counter() + a.warmup + (0.5 if procs > 1 else 0)
    t_end = t_start + a.seconds
    base = int.from_bytes(os.urandom(4), "big")
    roots = [int(p) for p in a.pids.split(",") if p]
    load0 = os.getloadavg()[0]
    cpu = {}

    def sample(key):
        cpu[key] = (*proc_tree(roots), time.process_time() + sum(os.times()[2:4]))

    if procs == 1:
        async def go():
            loop = asyncio.get_running_loop()
            if roots:
                loop.call_later(max(0, t_start - time.perf_counter()), sample, 0)
                loop.call_later(max(0, t_end - time.perf_counter()), sample, 1)
            return await drive(a, fx, share[0], base, t_start, t_end)
        outs = [asyncio.run(go())]
    else:
        q = multiprocessing.Queue()
        ps = [multiprocessing.Process(target=child, args=(a, fx, n, base + 1000 * i, t_start, t_end, q))
              for i, n in enumerate(share)]
        for p in ps:
            p.start()
        if roots:
            time.sleep(max(0, t_start - time.perf_counter()))
            sample(0)
            time.sleep(max(0, t_end - time.perf_counter()))
            sample(1)
        outs = [q.get() for _ in ps]
        for p in ps:
            p.join()

    lat = sorted(x for o in outs for x in o["lat"])
    req = sum(o["req"] for o in outs)
    err = sum(o["err"] for o in outs)
    ms = lambda x: None if x is None else round(x * 1000, 2)  # noqa: E731
    res = {
        "label": a.label, "scenario": a.scenario, "concurrency": a.concurrency, "seconds": a.seconds,
        "requests": req, "requests_per_s": round(req / a.seconds, 2),
        "ops": len(lat), "ops_per_s": round(len(lat) / a.seconds, 2),
        "min_ms": ms(lat[0] if lat else None), "p10_ms": ms(pct(lat, 10)), "p50_ms": ms(pct(lat, 50)), "p95_ms": ms(pct(lat, 95)), "p99_ms": ms(pct(lat, 99)), "max_ms": ms(lat[-1] if lat else None),
        "errors": err, "error_samples": [s for o in outs for s in o["samples"]][:3],
        "connects": sum(o["connects"] for o in outs),
        "bytes_per_request": round(sum(o["bytes"] for o in outs) / req) if req else None,
        "load1_before": round(load0, 2), "load1_after": round(os.getloadavg()[0], 2),
    }
    if a.scenario == "create_batch":
        res["records_per_s"] = round(len(lat) * 100 / a.seconds, 1)
    if roots and req and 1 in cpu:
        used = cpu[1][0] - cpu[0][0]
        res["server_cpu_s"] = round(used, 2)
        res["server_cpu_ms_per_op"] = round(used * 1000 / max(1, len(lat)), 2)
        res["server_rss_mb"] = round(cpu[1][1] / 1e6, 1)
    if a.scenario.startswith("automation"):
        async def verify():
            o = Odoo(a)
            await o.login()
            last = [x["last"] for x in outs if x.get("last")]
            v = await check_automation(o, last[-1]) if last else (None, None)
            if a.scenario == "automation":
                res["rules_verified"] = v[0]
                if not v[0]:
                    res["rules_sample"] = v[1]
            fx2 = await fixtures(o, "create")
            await rules(o, fx2, False)  # leave other scenarios unaffected
            o.conn.close()
        asyncio.run(verify())
    print(json.dumps(res))
    return 0


if __name__ == "__main__":
    sys.exit(main())
