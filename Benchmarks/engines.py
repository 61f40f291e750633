"""What `baton bench` measures by itself: scripts, automation rules and decision tables, without doors."""

import json
import subprocess

import harness


def measured(part, *options):
    """The figures that the program prints; nothing when this build has no such part."""
    done = subprocess.run([str(harness.binary()), "bench", part, *map(str, options)], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
    try:
        return {f"{part}.{name}": value for name, value in json.loads(done.stdout).items()}
    except (ValueError, AttributeError):
        print(f"  {part}: no figure ({(done.stderr or done.stdout).strip().splitlines()[:1]})")
        return {}


def scripts(seconds):
    """Scripts/s of the script engine, without a database."""
    return measured("scripts", "--seconds", seconds)


def rules(folder, quick):
    """What automation rules cost a write, without doors and commits."""
    return measured("rules", "--data", folder, "--rounds", 3 if quick else 9)


def decisions(seconds):
    """Evaluations/s of decision tables of 10, 100 and 1,000 rows on one thread."""
    figures = measured("decisions", "--seconds", seconds)
    for name, value in figures.items():
        print(f"  {name:43} {value:12.1f}", flush=True)
    return figures
