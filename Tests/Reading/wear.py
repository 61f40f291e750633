"""What a fax machine, a line and years in a drawer do to a page."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

# Dots per inch across and down, the most skew in degrees, the share of black specks, and how many streaks and lost rows.
QUALITIES = {
    "clean": dict(dots=(200, 200), skew=0.0, specks=0.0, streaks=0, lost=0, smudges=0, blur=0.0, jitter=0, stamp=0.0),
    "fine": dict(dots=(204, 196), skew=1.2, specks=0.0016, streaks=0, lost=0, smudges=0, blur=0.6, jitter=14, stamp=0.25),
    "poor": dict(dots=(204, 98), skew=4.0, specks=0.004, streaks=2, lost=8, smudges=3, blur=0.8, jitter=25, stamp=0.4)}


def worn(image, quality, chance, is_turned=False):
    """The page as it comes out of the receiving machine: black on white, with its dots per inch."""
    how = QUALITIES[quality]
    page = image
    if chance.random() < how["stamp"]:
        page = stamped(page, chance)
    for _ in range(chance.randrange(how["smudges"] + 1)):
        page = smudged(page, chance)
    if how["skew"]:
        page = page.rotate(chance.uniform(-how["skew"], how["skew"]), resample=Image.BICUBIC, fillcolor=255)
    if how["blur"]:
        page = page.filter(ImageFilter.GaussianBlur(how["blur"]))
    across, down = how["dots"]
    page = page.resize((round(page.width * across / 200), round(page.height * down / 200)), Image.BICUBIC)
    threshold = 150 + (chance.randint(-how["jitter"], how["jitter"]) if how["jitter"] else 0)
    page = page.point(lambda value: 255 if value > threshold else 0)
    if how["specks"]:
        page = specked(page, how["specks"], chance)
    page = streaked(page, chance.randrange(how["streaks"] + 1), chance)
    page = without_rows(page, chance.randrange(how["lost"] + 1), chance)
    if is_turned:
        page = page.rotate(180)
    return page.convert("1", dither=Image.NONE), how["dots"]


def noise(size, share, chance):
    """A mask that is black in a share of its pixels."""
    width, height = size
    limit = max(1, round(share * 65536))
    low = Image.frombytes("L", size, chance.randbytes(width * height))
    high = Image.frombytes("L", size, chance.randbytes(width * height))
    # Two bytes for each pixel, so that shares below 1/256 can be had.
    coarse = high.point(lambda value: 255 if value < limit // 256 + 1 else 0)
    fine_limit = limit / (limit // 256 + 1)
    return ImageChops.multiply(coarse, low.point(lambda value: 255 if value < fine_limit else 0))


def specked(page, share, chance):
    small = noise(page.size, share, chance)
    big = noise(page.size, share / 20, chance).filter(ImageFilter.MaxFilter(3))
    white = noise(page.size, share * 3, chance)
    page = ImageChops.lighter(page, white)
    return ImageChops.subtract(page, ImageChops.lighter(small, big))


def smudged(page, chance):
    mask = Image.new("L", page.size, 0)
    x, y = chance.randrange(page.width), chance.randrange(page.height)
    w, h = chance.randrange(60, 260), chance.randrange(20, 70)
    ImageDraw.Draw(mask).ellipse((x, y, x + w, y + h), fill=chance.randrange(40, 110))
    return ImageChops.subtract(page, mask.filter(ImageFilter.GaussianBlur(18)))


def stamped(page, chance):
    stamp = Image.new("L", (520, 130), 0)
    draw = ImageDraw.Draw(stamp)
    draw.rectangle((4, 4, 515, 125), outline=255, width=5)
    face = ImageFont.truetype("/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf", 52)
    draw.text((260, 65), f"RECEIVED {chance.choice(['OCT', 'NOV'])} {chance.randrange(1, 29)}", fill=255, font=face, anchor="mm")
    stamp = stamp.rotate(chance.uniform(-18, 18), expand=True, resample=Image.BICUBIC)
    whole = Image.new("L", page.size, 0)
    whole.paste(stamp, (chance.randrange(100, 1100), chance.randrange(200, 1900)))
    return ImageChops.subtract(page, whole)


def streaked(page, count, chance):
    draw = ImageDraw.Draw(page)
    for _ in range(count):
        if chance.random() < 0.5:
            y = chance.randrange(page.height)
            draw.line((0, y, page.width, y), fill=0, width=1)
        else:
            x = chance.randrange(page.width)
            draw.line((x, 0, x, page.height), fill=0, width=chance.choice([1, 2]))
    return page


def without_rows(page, count, chance):
    """Rows that the line lost: those below move up, white fills the end."""
    for _ in range(count):
        y = chance.randrange(page.height - 4)
        rest = page.crop((0, y + 1, page.width, page.height))
        page.paste(255, (0, page.height - 1, page.width, page.height))
        page.paste(rest, (0, y))
    return page
