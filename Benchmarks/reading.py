"""How well documents are read: faxes made from a seed, on layouts used while rules were written and on others, against what stands on them.

Needs the wheels of Tests/requirements.txt and the fonts of scripts/packages-test.txt; without them there are no figures.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOOLS = HERE.parent / "Tests" / "Reading"
PYTHON = HERE.parent / ".venv" / "bin" / "python"
SEED = 41
# Packets of each quality: 50 of each make 300 for both groups.
COUNT = {False: 50, True: 4}


def reading(binary, folder, quick):
    """Figures by name; nothing when this build or this machine cannot measure it."""
    folder = pathlib.Path(folder)
    figures = {}
    for group in ("building", "held"):
        made = subprocess.run(
            [str(PYTHON if PYTHON.exists() else sys.executable), str(TOOLS / "faxes.py"), str(folder / group), "--group", group, "--count", str(COUNT[quick]), "--seed", str(SEED)],
            capture_output=True, text=True)
        if made.returncode:
            print(f"  reading: no figure ({made.stderr.strip().splitlines()[-1:]}); scripts/setup --tests installs what is missing")
            return {}
        figures.update(measured(binary, folder / group, group))
    return figures


def measured(binary, folder, group):
    sys.path.insert(0, str(TOOLS))
    import people
    import score

    names = folder / "names.txt"
    specialties = sorted({(case[1], case[0]) for case in people.CASES})
    names.write_text("\n".join([f"specialty\t{name}\t{code}" for name, code in specialties] + [f"payer\t{name}" for name in people.PAYERS] + [f"practice\t{name}" for name in people.PRACTICES]))
    files = sorted(map(str, folder.glob("*.tif")))
    lines, seconds = run(binary, files, names, [])
    plain, _ = run(binary, [name for name in files if "/poor-" in name], names, ["--plain"])
    result = score.score(folder, lines, plain)
    print(f"  reading, {group} layouts, seed {SEED}:")
    print("    " + result.report().replace("\n", "\n    "), flush=True)
    figures = {f"reading.{group}.fields_exact_{quality}": result.exact(quality) for quality in ("clean", "fine", "poor")}
    figures.update({f"reading.{group}.typed_fields_exact_{quality}": result.exact(f"{quality} typed") for quality in ("clean", "fine", "poor")})
    figures[f"reading.{group}.letters_wrong_poor_share_of_plain"] = result.share_of_plain()
    figures[f"reading.{group}.sure_and_right"] = result.sure_and_right()
    figures[f"reading.{group}.merged_packets"] = result.packets["merged"]
    # Of the largest process so far: the confined one holds a page, the program what was read.
    figures[f"reading.{group}.peak_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    figures[f"reading.{group}.pages_per_cpu_s"] = sum(result.pages.values()) / seconds
    return {name: value for name, value in figures.items() if value is not None}


def run(binary, files, names, more):
    """What was read from each, and the CPU seconds of the program with its workers."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(binary), "bench", "reading", "--names", str(names), *more, *files], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=7200)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"bench: reading failed: {done.stderr[-400:]}")
    return [json.loads(line) for line in done.stdout.splitlines()], after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    import tempfile

    sys.path.insert(0, str(HERE.parent / "Tests" / "Clients"))
    with tempfile.TemporaryDirectory() as place:
        for name, value in reading(os.environ.get("BATON_BINARY", str(HERE.parent / ".build/release/baton")), place, "--quick" in sys.argv).items():
            print(f"  {name:50} {value:.3f}")
