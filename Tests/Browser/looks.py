"""How a screen looks, as a coarse grid of lightness: small enough for git, blind to letters and fonts, and not to a layout that broke.

Shape of looks.json: `{"<screen>, <mode>": "<COLUMNS x ROWS digits, 0 (black) to f (white)>"}`. `BATON_RENEW=1 Tests/Browser/run test_looks`
writes it anew; look at the pictures in .build/browser first.
"""

import base64
import json
import pathlib

FILE = pathlib.Path(__file__).resolve().parent / "looks.json"
COLUMNS, ROWS = 32, 20
# A cell differs by more than so many of the sixteen steps of lightness, and so large a share of the cells may.
STEPS = 2
SHARE = 0.06

# Run in an empty page, which has no policy: the mean lightness of each cell.
GRID = """async ([data, columns, rows]) => {
  const bitmap = await createImageBitmap(await (await fetch('data:image/png;base64,' + data)).blob())
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
  context.drawImage(bitmap, 0, 0)
  const { data: pixels, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height)
  const sums = new Float64Array(columns * rows), counts = new Uint32Array(columns * rows)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const cell = Math.floor(y * rows / height) * columns + Math.floor(x * columns / width), at = (y * width + x) * 4
    sums[cell] += 0.2126 * pixels[at] + 0.7152 * pixels[at + 1] + 0.0722 * pixels[at + 2]
    counts[cell]++
  }
  return Array.from(sums, (sum, i) => Math.round(sum / counts[i] / 17).toString(16)).join('')
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
    marks = [abs(int(one, 16) - int(other, 16)) > STEPS for one, other in zip(before, now)]
    lines = ["".join("#" if mark else "." for mark in marks[row * COLUMNS:(row + 1) * COLUMNS]) for row in range(ROWS)]
    return sum(marks) / len(marks), "\n".join(lines)
