"""How a screen looks, as a coarse grid of lightness and ink: small enough for git, blind to letters and fonts, and not to a layout that broke.

Shape of looks.json: `{"<screen>, <mode>": "<digits>"}`; two digits for each of COLUMNS x ROWS cells: how light it is, 0 (black) to f (white), and how
much is drawn in it, 0 (nothing) to f. `BATON_RENEW=1 Tests/Browser/run test_looks`
writes it anew; look at the pictures in .build/browser first.
"""

import base64
import json
import pathlib

FILE = pathlib.Path(__file__).resolve().parent / "looks.json"
COLUMNS, ROWS = 32, 20
# A cell differs by more than so many of the sixteen steps of lightness or of ink, and so large a share of the cells may.
STEPS, INK = 2, 3
SHARE = 0.04

# Run in an empty page, which has no policy: of each cell the mean lightness, and how far its pixels are from it.
GRID = """async ([data, columns, rows]) => {
  const bitmap = await createImageBitmap(await (await fetch('data:image/png;base64,' + data)).blob())
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
  context.drawImage(bitmap, 0, 0)
  const { data: pixels, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height)
  const sums = new Float64Array(columns * rows), squares = new Float64Array(columns * rows), counts = new Uint32Array(columns * rows)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const cell = Math.floor(y * rows / height) * columns + Math.floor(x * columns / width), at = (y * width + x) * 4
    const light = 0.2126 * pixels[at] + 0.7152 * pixels[at + 1] + 0.0722 * pixels[at + 2]
    sums[cell] += light
    squares[cell] += light * light
    counts[cell]++
  }
  return Array.from(sums, (sum, i) => {
    const mean = sum / counts[i], ink = Math.sqrt(Math.max(0, squares[i] / counts[i] - mean * mean))
    return Math.round(mean / 17).toString(16) + Math.min(15, Math.round(ink / 5)).toString(16)
  }).join('')
}"""


def grid(blank, picture):
    """The grid of a picture; `blank` is an empty page."""
    return blank.evaluate(GRID, [base64.b64encode(picture).decode(), COLUMNS, ROWS])


def known():
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def keep(looks):
    FILE.write_text("{\n" + ",\n".join(f"  {json.dumps(name)}: {json.dumps(look)}" for name, look in sorted(looks.items())) + "\n}\n")


def difference(before, now):
    """The share of cells that differ, and a drawing of where: `#` differs, `.` does not."""
    gaps = [abs(int(one, 16) - int(other, 16)) for one, other in zip(before, now)]
    marks = [light > STEPS or ink > INK for light, ink in zip(gaps[::2], gaps[1::2])]
    lines = ["".join("#" if mark else "." for mark in marks[row * COLUMNS:(row + 1) * COLUMNS]) for row in range(ROWS)]
    return sum(marks) / len(marks), "\n".join(lines)
