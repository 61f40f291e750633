"""What one operation costs with 10,000, 100,000 and 1,000,000 leads in the database: no more than a third more from step to step.

Measured one after the other at concurrency 1, in CPU time of the server (and of its database), so that neighbours count little.
"""

SCENARIOS = ["create", "write", "search_read"]
STEPS = [10_000, 100_000, 1_000_000]
QUICK_STEPS = [1_000, 2_000]
MOST = 4 / 3


def run(target, client, quick, steps=None):
    """The figures, by name."""
    figures, costs = {}, {name: [] for name in SCENARIOS}
    seconds, warm = (1, 0.3) if quick else (6, 2)
    steps = steps or (QUICK_STEPS if quick else STEPS)
    for step in steps:
        seeded = client(target, "seed", "--seed-count", step)
        print(f"  growth: {step:,} leads, {seeded['records_per_s'] or 0} records/s", flush=True)
        for name in SCENARIOS:
            runs = [client(target, name, "--concurrency", 1, "--seconds", seconds, "--warmup", warm) for _ in range(1 if quick else 3)]
            best = min(got["server_cpu_ms_per_op"] for got in runs)
            costs[name].append(best)
            print(f"    {name:12} {best:7.3f} ms of CPU   p50 {min(got['p50_ms'] for got in runs):7.2f} ms", flush=True)
    for name, found in costs.items():
        # The worst step from one size to the next.
        figures[f"growth.{name}.ratio"] = max(later / earlier for earlier, later in zip(found, found[1:]))
        for step, cost in zip(steps, found):
            figures[f"growth.{name}.cpu_ms_at_{step}"] = cost
    return figures
