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

CHECKS = ["luhn", "luhn.mended", "luhn.wrong", "dictionary", "tick", "list", "date", "phone", "zip", "number", "code"]


def features(finding):
    evidence = finding["evidence"]
    check = finding["rule"].partition("+")[2]
    return [1, evidence["trust"], evidence["fit"], evidence["letters"], evidence["clarity"], float(evidence["isRepeated"]), min(1.5, evidence["rival"])] + [
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


def fit(rows, rounds=3000, rate=0.5, keep=0.002):
    """Logistic regression by gradient descent, drawn a little towards nought so that rare evidence says little."""
    weights = [0.0] * len(rows[0][0])
    for _ in range(rounds):
        slope = [keep * w for w in weights]
        for values, right in rows:
            wrong = 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, values)))) - right
            for place, value in enumerate(values):
                slope[place] += wrong * value / len(rows)
        weights = [w - rate * s for w, s in zip(weights, slope)]
    return weights


def main():
    folder, lines = pathlib.Path(sys.argv[1]), [json.loads(line) for line in pathlib.Path(sys.argv[2]).read_text().splitlines()]
    rows = list(cases(folder, lines))
    weights = fit(rows)
    for name, weight in zip(["always", "trust", "fit", "letters", "clarity", "repeated", "rival"] + CHECKS, weights):
        print(f"{name:12} {weight:8.3f}")
    print(f"{len(rows)} values, {sum(right for _, right in rows) / len(rows):.1%} right")


if __name__ == "__main__":
    main()
