#!/usr/bin/env python3
"""Fits the weights of the reader's confidence to what was right: lines of `baton bench reading` on packets made by faxes.py.

Prints one number for each piece of evidence, for Sources/Intelligence/Reading/Fields/Calibration.swift. Use packets of the building group only.
"""

import json
import math
import pathlib
import sys

import score
import people

CHECKS = ["luhn", "dictionary", "tick", "list", "date", "phone", "zip", "number", "code"]


def features(finding):
    evidence = finding["evidence"]
    check = finding["rule"].partition("+")[2]

    def nines(value):
        """0.9 is one step from certain, 0.99 two."""
        return -math.log10(1.01 - min(1, value))
    return [1, evidence["trust"], nines(evidence["fit"]), nines(evidence["letters"]), nines(evidence["clarity"]), float(evidence["isRepeated"])] + [
        float(check == name) for name in CHECKS]


def cases(folder, lines):
    for line in lines:
        truth = json.loads((folder / (line["name"] + ".json")).read_text())
        for part in truth["parts"]:
            if part["kind"] != "referral":
                continue
            read = next((p for p in line["reading"]["parts"] if part["pages"][0] in p["pages"]), None)
            for finding in (read or {}).get("findings", []):
                if finding["field"] in people.MEASURED:
                    want = score.expected(finding["field"], part["fields"][finding["field"]])
                    yield features(finding), float(score.is_exact(finding["field"], want, finding["value"]))


def fit(rows, rounds=25, keep=1.0):
    """Logistic regression by Newton's method, drawn a little towards nought so that rare evidence says little."""
    size = len(rows[0][0])
    weights = [0.0] * size
    for _ in range(rounds):
        slope = [keep * w for w in weights]
        bend = [[keep if a == b else 0.0 for b in range(size)] for a in range(size)]
        for values, right in rows:
            chance = 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, values))))
            steep = max(1e-6, chance * (1 - chance))
            filled = [place for place, value in enumerate(values) if value]
            for a in filled:
                slope[a] += (chance - right) * values[a]
                for b in filled:
                    bend[a][b] += steep * values[a] * values[b]
        step = solved(bend, slope)
        weights = [w - s for w, s in zip(weights, step)]
    return weights


def solved(matrix, right):
    """The solution of a small system of equations, by elimination."""
    rows = [list(row) + [value] for row, value in zip(matrix, right)]
    size = len(rows)
    for place in range(size):
        best = max(range(place, size), key=lambda row: abs(rows[row][place]))
        rows[place], rows[best] = rows[best], rows[place]
        for row in range(size):
            if row != place:
                share = rows[row][place] / rows[place][place]
                rows[row] = [one - share * other for one, other in zip(rows[row], rows[place])]
    return [row[-1] / row[place] for place, row in enumerate(rows)]


def main():
    folder, lines = pathlib.Path(sys.argv[1]), [json.loads(line) for line in pathlib.Path(sys.argv[2]).read_text().splitlines()]
    rows = list(cases(folder, lines))
    weights = fit(rows)
    for name, weight in zip(["always", "trust", "fit", "letters", "clarity", "repeated"] + CHECKS, weights):
        print(f"{name:12} {weight:8.3f}")
    for low, high in [(0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1)]:
        said = [(1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, values)))), right) for values, right in rows]
        among = [(chance, right) for chance, right in said if low <= chance < high]
        if among:
            print(f"said {sum(c for c, _ in among) / len(among):.3f}  was {sum(r for _, r in among) / len(among):.3f}  ({len(among)})")
    print(f"{len(rows)} values, {sum(right for _, right in rows) / len(rows):.1%} right")


if __name__ == "__main__":
    main()
