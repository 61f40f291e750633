"""An independent reference for zones, working calendars and service clocks.

Reads questions as JSON from a file, writes the answers to another. Written from the descriptions alone and on top of `zoneinfo`: days on
which a zone keeps its offset are computed, days on which it changes are walked minute by minute.
"""

import json
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

DAY = 86400
EPOCH = date(1970, 1, 1)


def offset(zone, second):
    moment = datetime.fromtimestamp(second, timezone.utc)
    return int(moment.astimezone(zone).utcoffset().total_seconds())


def parse_instant(text):
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc).timestamp())


class Calendar:
    """What is working time, one UTC day at a time."""

    def __init__(self, written):
        self.zone = ZoneInfo(written["zone"])
        self.always = written["always"]
        self.lines = [(line["day"], line["span"], line.get("week"), line.get("since"), line.get("until")) for line in written["lines"]]
        self.special = {(date.fromisoformat(day) - EPOCH).days: spans for day, spans in written["special"]}
        self.closures = [(parse_instant(a), parse_instant(b)) for a, b in written["closures"]]
        self.days = {}
        self.hours = {}
        self.midnights = {}

    def spans(self, number):
        """Working minutes of a local day, as a set of minutes' bounds."""
        if number in self.hours:
            return self.hours[number]
        if number in self.special:
            spans = [tuple(span) for span in self.special[number]]
        elif self.always:
            spans = [(0, 1440)]
        else:
            day = EPOCH + timedelta(days=number)
            week = ((day.toordinal() - 1) // 7) % 2
            spans = []
            for weekday, span, only, since, until in self.lines:
                if weekday != day.isoweekday() or (only is not None and only != week):
                    continue
                if (since and day.isoformat() < since) or (until and day.isoformat() > until):
                    continue
                spans.append(tuple(span))
        self.hours[number] = spans
        return spans

    def is_open_local(self, minute):
        return any(a <= minute % 1440 < b for a, b in self.spans(minute // 1440))

    def pieces(self, number):
        """Working time of one UTC day, as rising pieces of seconds."""
        if number in self.days:
            return self.days[number]
        start = number * DAY
        offsets = {offset(self.zone, start + hour * 3600) for hour in range(24)} | {offset(self.zone, start + DAY - 1)}
        raw = []
        if len(offsets) == 1:
            shift = offsets.pop()
            for local in range((start + shift) // DAY, (start + shift + DAY - 1) // DAY + 1):
                for a, b in self.spans(local):
                    low, high = local * DAY + a * 60 - shift, local * DAY + b * 60 - shift
                    raw.append((max(low, start), min(high, start + DAY)))
        else:
            for second in range(start, start + DAY, 60):
                if self.is_open_local((second + offset(self.zone, second)) // 60):
                    raw.append((second, second + 60))
        self.days[number] = self.cut(merge(raw))
        return self.days[number]

    def cut(self, pieces):
        for low, high in self.closures:
            left = []
            for a, b in pieces:
                if high <= a or b <= low:
                    left.append((a, b))
                    continue
                left += [(a, min(b, low)), (max(a, high), b)]
            pieces = [(a, b) for a, b in left if a < b]
        return pieces

    def worked(self, start, end):
        total = 0
        for number in range(start // DAY, end // DAY + 1):
            for a, b in self.pieces(number):
                total += max(0, min(b, end) - max(a, start))
        return total

    def add(self, seconds, start):
        """The first second after, or the last before, by which so much has been worked."""
        if seconds == 0:
            return start
        left = abs(seconds)
        number = start // DAY
        step = 1 if seconds > 0 else -1
        for _ in range(20000):
            pieces = self.pieces(number)
            for a, b in pieces if step > 0 else reversed(pieces):
                low, high = (max(a, start), b) if step > 0 else (a, min(b, start))
                if low >= high:
                    continue
                if left <= high - low:
                    return low + left if step > 0 else high - left
                left -= high - low
            number += step
        return None

    def opening(self, start):
        number = start // DAY
        for _ in range(20000):
            for a, b in self.pieces(number):
                if start < b:
                    return max(a, start)
            number += 1
        return None

    def midnight(self, number):
        """When a local day begins: the first second whose clock shows it or a later one."""
        if number in self.midnights:
            return self.midnights[number]
        second = number * DAY - 54000
        while (second + offset(self.zone, second)) // DAY < number:
            second += 60 if offset(self.zone, second + 3600) != offset(self.zone, second) else 900
        self.midnights[number] = second
        return second

    def add_days(self, count, start):
        if count == 0:
            return start
        local = (start + offset(self.zone, start)) // DAY
        left = abs(count)
        step = 1 if count > 0 else -1
        for _ in range(20000):
            begin, end = self.midnight(local), self.midnight(local + 1)
            low, high = (max(begin, start), end) if step > 0 else (begin, min(end, start))
            found = []
            for number in range(low // DAY, high // DAY + 1):
                found += [(max(a, low), min(b, high)) for a, b in self.pieces(number) if max(a, low) < min(b, high)]
            if found:
                left -= 1
                if left == 0:
                    return found[-1][1] if step > 0 else found[0][0]
            local += step
        return None


def merge(pieces):
    merged = []
    for a, b in sorted(piece for piece in pieces if piece[0] < piece[1]):
        if merged and a <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], b)
        else:
            merged.append([a, b])
    return [tuple(piece) for piece in merged]


def history(calendars, events, moment):
    """Walks a clock's events; gives state, seconds, when warned and broken (or will be), and whether it was."""
    state, total, target, percent, calendar = "idle", 0, 0, 0, None
    warned = broken = None
    clock = None

    def limits():
        warn = target * 60 * percent // 100 if percent > 0 and target > 0 else None
        return warn, (target * 60 if target > 0 else None)

    for at, kind, key, minutes, share in events + [[moment, "end", 0, 0, 0]]:
        at = at if clock is None else max(at, clock)
        if state == "running":
            passed = calendars[calendar].worked(clock, at)
            warn, breach = limits()
            if warned is None and warn is not None and total + passed >= warn and at > clock:
                warned = calendars[calendar].add(max(warn - total, 0), clock)
            if broken is None and breach is not None and total + passed >= breach and at > clock:
                broken = calendars[calendar].add(max(breach - total, 0), clock)
            if kind != "end":
                total += passed
        if kind == "end":
            warn, breach = limits()
            shown = total + (passed if state == "running" else 0)
            answer = [state, shown, warned, broken, warned is not None, broken is not None]
            if state == "running":
                if warned is None and warn is not None:
                    answer[2] = calendars[calendar].add(max(warn - total, 0), clock)
                if broken is None and breach is not None:
                    answer[3] = calendars[calendar].add(max(breach - total, 0), clock)
            return answer
        clock = at
        if kind == "start" and state == "idle":
            state, calendar, target, percent = "running", key, minutes, share
        elif state == "idle":
            continue
        elif kind == "pause" and state == "running":
            state = "paused"
        elif kind == "resume" and state == "paused":
            state = "running"
        elif kind == "stop" and state != "stopped":
            state = "stopped"
        elif kind == "reset":
            state, total, warned, broken = "running", 0, None, None
        elif kind == "calendar":
            calendar = key
        elif kind == "target":
            target, percent = minutes, share
            if state != "stopped":
                warn, breach = limits()
                warned = (warned if warned is not None else at) if warn is not None and total >= warn else None
                broken = (broken if broken is not None else at) if breach is not None and total >= breach else None
    return None


def main():
    with open(sys.argv[1]) as file:
        questions = json.load(file)
    calendars = [Calendar(written) for written in questions["calendars"]]
    zones = {}
    answers = {"offsets": [], "questions": [], "histories": []}
    for name, second in questions["offsets"]:
        zone = zones.setdefault(name, ZoneInfo(name))
        answers["offsets"].append(offset(zone, second))
    asked = {"add": Calendar.add, "days": Calendar.add_days}
    for index, kind, second, number in questions["questions"]:
        calendar = calendars[index]
        if kind == "worked":
            answers["questions"].append(calendar.worked(second, second + number))
        elif kind == "opening":
            answers["questions"].append(calendar.opening(second))
        else:
            answers["questions"].append(asked[kind](calendar, number, second))
    for events, moment in questions["histories"]:
        answers["histories"].append(history(calendars, events, moment))
    with open(sys.argv[2], "w") as file:
        json.dump(answers, file)


main()
