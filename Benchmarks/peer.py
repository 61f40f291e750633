"""A second server that speaks the same API, measured in the same run: its requests a second and latencies beside ours, as ratios."""


class Target:
    """Who is asked, and whose CPU time is counted."""

    def __init__(self, url, database, user, password, pids=()):
        self.url, self.database, self.user, self.password, self.pids = url, database, user, password, list(pids)


def ratio(ours, theirs):
    return ours / theirs if ours and theirs else None


def table(ours, theirs):
    """Prints both for each scenario and concurrency; the ratios by name."""
    figures = {}
    print(f"\n  {'scenario':14} {'c':>3} {'ours/s':>9} {'peer/s':>9} {'ratio':>7} {'p50 ours':>9} {'p50 peer':>9} {'p95 ours':>9} {'p95 peer':>9}")
    for (name, concurrency, mine), (_, _, other) in zip(ours, theirs):
        found = ratio(mine["requests_per_s"], other["requests_per_s"])
        print(
            f"  {name:14} {concurrency:3} {mine['requests_per_s']:9.1f} {other['requests_per_s']:9.1f} {found or 0:6.1f}x {mine['p50_ms']:9.2f} "
            f"{other['p50_ms']:9.2f} {mine['p95_ms']:9.2f} {other['p95_ms']:9.2f}")
        figures[f"peer.{name}.requests_ratio_c{concurrency}"] = found
        figures[f"peer.{name}.p50_ratio_c{concurrency}"] = ratio(other["p50_ms"], mine["p50_ms"])
    return figures
