"""What one operation costs with 10,000, 100,000 and 1,000,000 leads in the database: no more than a third more from the first to the last.

Measured one after the other at concurrency 1, in CPU time of the server (and of its database), so that neighbours count little; what both use
while nobody asks is taken off. Leads are made through the API, with PostgreSQL only the first of them (see multiply.py); writes go to 20,000 of
them from the whole table.
"""

import time

from rpc_client import proc_tree

SCENARIOS = ["create", "write", "search_read"]
STEPS = [10_000, 100_000, 1_000_000]
QUICK_STEPS = [1_000, 2_000]
# Connections that make the leads; one of them alone would take half an hour for a million.
LOADERS = 4
# The lowest of so many runs counts: neighbours on the machine make a run dearer, nothing makes one cheaper.
RUNS = 3


def idle(target, seconds):
    """Seconds of CPU that the server uses in a second while nobody asks it anything."""
    before = proc_tree(target.pids)[0]
    time.sleep(seconds)
    return (proc_tree(target.pids)[0] - before) / seconds


def cost(got, at_rest):
    """Milliseconds of CPU of one operation."""
    return 1000 * max(0.0, got["server_cpu_s"] - at_rest * got["seconds"]) / got["ops"]


def run(target, client, quick, steps=None, load=None):
    """The figures, by name; `load` makes leads until there are so many, and ends what that left to be done."""
    figures, costs = {}, {name: [] for name in SCENARIOS}
    seconds, warm = (1, 0.3) if quick else (6, 2)
    steps = steps or (QUICK_STEPS if quick else STEPS)
    for step in steps:
        began = time.monotonic()
        count = load(step)
        at_rest = idle(target, 1 if quick else 4)
        print(f"  growth: {count:,} leads after {time.monotonic() - began:.0f} s; at rest {1000 * at_rest:.1f} ms of CPU a second", flush=True)
        for name in SCENARIOS:
            runs = [client(target, name, "--concurrency", 1, "--seconds", seconds, "--warmup", warm) for _ in range(1 if quick else RUNS)]
            best = min(cost(got, at_rest) for got in runs)
            costs[name].append(best)
            print(f"    {name:12} {best:7.3f} ms of CPU   p50 {min(got['p50_ms'] for got in runs):7.2f} ms", flush=True)
    figures.update(ratios(costs))
    for name, found in costs.items():
        for step, value in zip(steps, found):
            figures[f"growth.{name}.cpu_ms_at_{step}"] = value
    return figures


def ratios(costs):
    """What an operation costs with the most records, by what it cost with the fewest: small steps add up to a large one."""
    return {f"growth.{name}.ratio": found[-1] / found[0] for name, found in costs.items()}
