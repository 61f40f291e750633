#!/usr/bin/env python3
"""Makes hostile faxes of referrals, with what stands on them beside each: PACKET.tif and PACKET.json.

Everything comes from the seed. Layouts of the held set were not looked at while rules were written.
"""

import argparse
import json
import pathlib
import random

import layouts
import people
import wear

# How often a packet is of each shape; letters: c cover, r referral, R referral of a second patient, n note, i card, l result.
SHAPES = [("r", 10), ("cr", 3), ("rn", 3), ("crni", 2), ("ri", 1), ("rl", 1), ("rR", 2), ("rnRn", 1), ("crR", 1)]
HANDLIKE_SHARE, TURNED_SHARE, LOST_SHARE = 0.08, 0.06, 0.4
ATTACHED = {"n": "note", "i": "card", "l": "result"}
KINDS = {"c": "cover", "r": "referral", "R": "referral", "n": "note", "i": "card", "l": "result"}


def packet(seed, quality, group, shape=None):
    chance = random.Random(seed)
    forms = {"building": layouts.BUILDING, "held": layouts.HELD}[group]
    isGiven = shape is not None
    shape = shape or chance.choices([s for s, _ in SHAPES], [w for _, w in SHAPES])[0]
    # The line broke before the last page; a chance of its own, so that the rest of the packet stays what it was.
    missing = int(not isGiven and shape[0] == "c" and len(shape) > 2 and random.Random(f"lost {seed}").random() < LOST_SHARE)
    form = chance.choice(sorted(forms))
    font = "mono" if form == "printout" else chance.choice(sorted(layouts.PRINTED))
    entry = chance.choice(sorted(layouts.HANDLIKE)) if chance.random() < HANDLIKE_SHARE and form != "printout" else None
    who, pages, parts, sheets = people.facts(chance), [], [], []
    style = layouts.styles(chance)
    for letter in shape[: len(shape) - missing]:
        if letter == "R":
            who, style = people.facts(chance), layouts.styles(chance)
        sheet = layouts.Sheet(chance, font, entry)
        kind = KINDS[letter]
        if kind == "referral":
            forms[form](sheet, who, style)
        elif kind == "cover":
            layouts.cover(sheet, who, style, len(shape))
        else:
            layouts.ATTACHED[kind](sheet, who, style)
        is_turned = chance.random() < TURNED_SHARE
        number = len(pages) + 1
        pages.append({"text": sheet.text(), "kind": kind, "turned": is_turned})
        sheets.append(wear.worn(sheet.image, quality, chance, is_turned))
        part = {"pages": [number], "kind": kind, "patient": f"{who['given_name']} {who['family_name']}"}
        if kind == "referral":
            part["fields"] = {name: who[name] for name in people.MEASURED}
        parts.append(part)
    truth = {"seed": seed, "quality": quality, "group": group, "form": form, "handlike": entry is not None, "shape": shape, "missing": missing, "pages": pages, "parts": parts}
    return sheets, truth


def save(folder, name, sheets, truth):
    images = [image for image, _ in sheets]
    images[0].save(folder / f"{name}.tif", save_all=True, append_images=images[1:], compression="group4", dpi=sheets[0][1])
    (folder / f"{name}.json").write_text(json.dumps(truth, indent=1))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--count", type=int, default=10, help="packets of each quality")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--group", choices=["building", "held"], default="building")
    options.add_argument("--quality", action="append", choices=sorted(wear.QUALITIES))
    options.add_argument("--shape", help="pages of every packet: c cover, r referral, R another patient's, n note, i card, l result")
    options = options.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for quality in options.quality or sorted(wear.QUALITIES):
        for place in range(options.count):
            seed = options.seed * 100_000 + place
            sheets, truth = packet(seed, quality, options.group, options.shape)
            save(options.folder, f"{quality}-{options.group}-{seed}", sheets, truth)
    print(f"seed {options.seed}: {options.count} packets of each quality, {options.group} layouts")


if __name__ == "__main__":
    main()
