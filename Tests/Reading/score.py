"""Compares what was read with what stands on the faxes."""

import collections
import json
import pathlib

import people

FREE = {"reason", "requested_service"}
CALIBRATION = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01]


def distance(one, other):
    """Letters that differ, by Myers' bit vectors in Hyyrö's form: one whole number for a row."""
    if not one or not other:
        return max(len(one), len(other))
    places = collections.defaultdict(int)
    for place, sign in enumerate(one):
        places[sign] |= 1 << place
    mask, top = (1 << len(one)) - 1, 1 << (len(one) - 1)
    plus, minus, score = mask, 0, len(one)
    for sign in other:
        match = places[sign]
        diagonal = (((match & plus) + plus) ^ plus) | match | minus
        up, down = minus | ~(diagonal | plus) & mask, plus & diagonal
        if up & top:
            score += 1
        elif down & top:
            score -= 1
        up, down = (up << 1 | 1) & mask, down << 1 & mask
        plus, minus = down | ~(diagonal | up) & mask, up & diagonal
    return score


def plain(text):
    return " ".join(text.split())


def expected(field, value):
    return ", ".join(value) if isinstance(value, list) else value


def is_exact(field, want, got):
    """Capitals are not on trial, and a text may end with a point or not; anything else must be as it stands there."""
    def form(text):
        text = plain(text).casefold().rstrip(". ")
        return text.replace(" ", "") if field in FREE else text
    if field in ("diagnosis_codes", "procedure_codes"):
        return sorted(want.split(", ")) == sorted(got.split(", "))
    return form(want) == form(got)


class Score:
    def __init__(self):
        self.letters = collections.Counter()
        self.wrong_letters = collections.Counter()
        self.fields = collections.defaultdict(lambda: [0, 0, 0, 0, 0])  # wanted, found, exact, sure, sure and exact
        self.seconds = collections.Counter()
        self.pages = collections.Counter()
        self.packets = collections.Counter()
        self.curve = collections.defaultdict(lambda: [0, 0, 0.0])
        self.kinds = collections.Counter()
        self.misses = []

    def text(self, truth, line, key):
        for page, text in zip(truth["pages"], line["texts"] + [""] * len(truth["pages"])):
            want = plain(page["text"])
            self.letters[key] += len(want)
            self.wrong_letters[key] += distance(want, plain(text))

    def packet(self, truth, line):
        quality = truth["quality"]
        self.pages[quality] += len(truth["pages"])
        self.seconds[quality] += line["seconds"]
        self.packets["all"] += 1
        reading = line.get("reading") or {"parts": [], "isUnsure": True, "missingPages": 0}
        self.merging(truth, reading)
        for part in truth["parts"]:
            page = part["pages"][0]
            read = next((p for p in reading["parts"] if page in p["pages"]), None)
            self.kinds["all"] += 1
            self.kinds["right"] += bool(read and read["kind"] == part["kind"])
            if part["kind"] == "referral":
                self.referral(truth, part, read)

    def merging(self, truth, reading):
        """A merge is the error that must not be: pages of two people called one patient's."""
        owner = {page: part["patient"] for part in truth["parts"] for page in part["pages"] if part["kind"] not in ("cover",)}
        groups = collections.defaultdict(set)
        for part in reading["parts"]:
            for page in part["pages"]:
                if part["patient"] and page in owner:
                    groups[part["patient"]].add(owner[page])
        self.packets["merged"] += any(len(people) > 1 for people in groups.values())
        self.packets["unsure"] += reading["isUnsure"]
        people_seen = len(set(owner.values()))
        split = reading["isUnsure"] or len([g for g in groups if g]) == people_seen
        self.packets["split wrongly"] += not split
        told = reading.get("missingPages", 0)
        self.packets["with missing pages"] += bool(truth.get("missing"))
        self.packets["missing pages told"] += bool(truth.get("missing")) and told > 0
        self.packets["missing pages told wrongly"] += not truth.get("missing") and told > 0

    def referral(self, truth, part, read):
        found = {f["field"]: f for f in (read or {}).get("findings", [])}
        for field in people.MEASURED:
            want = expected(field, part["fields"][field])
            got = found.get(field)
            writing = "hand" if truth["handlike"] else "typed"
            keys = [(truth["quality"], field), (truth["quality"], "all"), (f"{truth['quality']} {writing}", "all"), (writing, "all"), ("every", field)]
            exact = bool(got and is_exact(field, want, got["value"]))
            sure = bool(got and got["confidence"] >= 0.9)
            for key in keys:
                row = self.fields[key]
                row[0] += 1
                row[1] += bool(got)
                row[2] += exact
                row[3] += sure
                row[4] += sure and exact
            if got:
                bin_ = max(b for b in CALIBRATION if b <= got["confidence"])
                self.curve[bin_][0] += 1
                self.curve[bin_][1] += exact
                self.curve[bin_][2] += got["confidence"]
            if not exact:
                self.misses.append((truth["quality"], truth["form"], truth["seed"], field, want, got and got["value"], got and round(got["confidence"], 2), got and got["rule"]))

    def exact(self, quality, field="all"):
        row = self.fields[(quality, field)]
        return row[2] / row[0] if row[0] else None

    def share_of_plain(self):
        """Wrong letters on poor faxes as a share of those that the recogniser makes of the same pages as they came."""
        if not self.letters["poor plain"]:
            return None
        return self.wrong_letters["poor"] / max(1, self.wrong_letters["poor plain"])

    def sure_and_right(self):
        """Of the fields above 0.9, the share that is right."""
        sure, right = (sum(self.fields[(quality, "all")][place] for quality in ("clean", "fine", "poor")) for place in (3, 4))
        return right / sure if sure else None

    def report(self):
        lines = []
        for quality in ["clean", "clean typed", "fine", "fine typed", "poor", "poor typed", "typed", "hand"]:
            wanted, found, exact, sure, right = self.fields.get((quality, "all"), [0] * 5)
            if not wanted:
                continue
            lines.append(
                f"{quality:11} fields exact {exact / wanted:6.1%}  precision {exact / max(1, found):6.1%}  recall {exact / wanted:6.1%}  "
                f"above 0.9 {sure / wanted:6.1%} of which right {right / max(1, sure):6.2%}  ({wanted} fields)")
        lines.append("  field               clean   fine   poor   precision  recall  above 0.9  of which right")
        for field in people.MEASURED:
            rows = [f"{self.exact(q, field):6.1%}" if self.exact(q, field) is not None else "     -" for q in ("clean", "fine", "poor")]
            wanted, found, exact, sure, right = self.fields[("every", field)]
            shares = [exact / max(1, found), exact / max(1, wanted), sure / max(1, wanted), right / max(1, sure)]
            lines.append(f"  {field:18} " + " ".join(rows) + "     " + "    ".join(f"{share:6.1%}" for share in shares))
        for key, count in sorted(self.letters.items()):
            lines.append(f"CER {key:14} {self.wrong_letters[key] / max(1, count):6.2%}  ({count} letters)")
        for quality, count in self.pages.items():
            lines.append(f"{quality}: {count / max(0.001, self.seconds[quality]):.2f} pages/s on the clock")
        lines.append(f"packets {dict(self.packets)}  kinds right {self.kinds['right']}/{self.kinds['all']}")
        for bin_ in sorted(self.curve):
            count, right, total = self.curve[bin_]
            lines.append(f"  said {total / count:5.2f}  was {right / count:6.3f}  ({count})")
        return "\n".join(lines)


def score(folder, lines, plain_lines=()):
    result = Score()
    for line in lines:
        truth = json.loads((pathlib.Path(folder) / (line["name"] + ".json")).read_text())
        result.text(truth, line, truth["quality"])
        result.packet(truth, line)
    for line in plain_lines:
        truth = json.loads((pathlib.Path(folder) / (line["name"] + ".json")).read_text())
        result.text(truth, line, truth["quality"] + " plain")
    return result
