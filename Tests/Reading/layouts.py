"""Forms on which referrals come. Those in BUILDING were looked at while rules were written, those in HELD were not."""

import pathlib

from PIL import Image, ImageDraw, ImageFont

from people import shown_date, shown_phone

WIDTH, HEIGHT = 1700, 2200  # a letter page at 200 dots per inch
FONTS = pathlib.Path("/usr/share/fonts")
PRINTED = {
    "liberation": "truetype/liberation/LiberationSans-Regular.ttf", "serif": "truetype/liberation/LiberationSerif-Regular.ttf",
    "dejavu": "truetype/dejavu/DejaVuSans.ttf", "carlito": "truetype/crosextra/Carlito-Regular.ttf", "caladea": "truetype/crosextra/Caladea-Regular.ttf",
    "nimbus": "opentype/urw-base35/NimbusSans-Regular.otf", "mono": "truetype/liberation/LiberationMono-Regular.ttf",
    "courier": "opentype/courier-prime/Courier Prime.otf"}
BOLD = {
    "liberation": "truetype/liberation/LiberationSans-Bold.ttf", "serif": "truetype/liberation/LiberationSerif-Bold.ttf",
    "dejavu": "truetype/dejavu/DejaVuSans-Bold.ttf", "carlito": "truetype/crosextra/Carlito-Bold.ttf", "caladea": "truetype/crosextra/Caladea-Bold.ttf",
    "nimbus": "opentype/urw-base35/NimbusSans-Bold.otf", "mono": "truetype/liberation/LiberationMono-Bold.ttf",
    "courier": "opentype/courier-prime/Courier Prime Bold.otf"}
HANDLIKE = {"humor": "truetype/humor-sans/Humor-Sans.ttf", "dkg": "truetype/fifthhorseman/dkg.ttf"}


class Sheet:
    """A page being written, with what was written where."""

    def __init__(self, chance, font, entry=None):
        self.image = Image.new("L", (WIDTH, HEIGHT), 255)
        self.draw = ImageDraw.Draw(self.image)
        self.chance, self.font, self.entry = chance, font, entry or font
        self.runs = []

    def face(self, size, bold=False, entry=False):
        name = self.entry if entry else self.font
        path = HANDLIKE.get(name) or (BOLD if bold else PRINTED)[name]
        return ImageFont.truetype(str(FONTS / path), size)

    def write(self, x, y, text, size=30, bold=False, entry=False):
        """Writes a line whose letters stand on y; gives where it ends."""
        face = self.face(size, bold, entry)
        self.draw.text((x, y), text, fill=0, font=face, anchor="ls")
        self.runs.append((x, y, text))
        return x + self.draw.textlength(text, font=face)

    def wrapped(self, x, y, text, width, size=30, entry=False, leading=1.4):
        """Writes words in lines; gives where the next line stands."""
        face, line = self.face(size, entry=entry), ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and self.draw.textlength(longer, font=face) > width:
                self.write(x, y, line, size, entry=entry)
                y, line = y + int(size * leading), word
            else:
                line = longer
        self.write(x, y, line, size, entry=entry)
        return y + int(size * leading)

    def rule(self, x, y, right, width=2):
        self.draw.line((x, y, right, y), fill=0, width=width)

    def box(self, left, top, right, bottom, width=2):
        self.draw.rectangle((left, top, right, bottom), outline=0, width=width)

    def tick(self, x, y, title, isOn, size=28):
        """A box to tick with its title; gives where it ends."""
        side = int(size * 0.8)
        self.box(x, y - side, x + side, y)
        if isOn:
            self.draw.line((x + 4, y - side + 4, x + side - 4, y - 4), fill=0, width=4)
            self.draw.line((x + 4, y - 4, x + side - 4, y - side + 4), fill=0, width=4)
        return self.write(x + side + 10, y, title, size) + 40

    def text(self):
        """What stands on the page, row by row."""
        rows = []
        for x, y, text in sorted(self.runs, key=lambda run: run[1]):
            if rows and y - rows[-1][0] <= 14:
                rows[-1][1].append((x, text))
            else:
                rows.append((y, [(x, text)]))
        return "\n".join(" ".join(text for _, text in sorted(row)) for _, row in rows)


def styles(chance):
    return {"date": chance.choice(["us", "us", "short", "dash", "words", "military"]), "phone": chance.choice(["round", "dash", "dot"])}


def letterhead(sheet, facts, style):
    sheet.write(110, 130, facts["practice"], 44, bold=True)
    sheet.write(110, 180, f"{facts['street'].split()[0][:2]}0 Main Street   Phone {shown_phone(facts['practice_phone'], style['phone'])}", 26)
    sheet.rule(110, 205, WIDTH - 110, 3)


def underlined(sheet, facts, style):
    """Label, colon, value on a line."""
    letterhead(sheet, facts, style)
    sheet.write(560, 290, "REFERRAL REQUEST FORM", 38, bold=True)
    y = 380

    def pair(x, label, value, right):
        end = sheet.write(x, y, label + ":", 28)
        sheet.write(end + 14, y, value, 30, entry=True)
        sheet.rule(end + 8, y + 8, right)

    for left, right in [
        (("Date", shown_date(facts["referral_date"], style["date"])), ("Refer to", facts["specialty_name"])),
        (("Patient Name", f"{facts['given_name']} {facts['family_name']}"), ("Sex", facts["sex"].title())),
        (("Date of Birth", shown_date(facts["birth_date"], style["date"])), ("Phone", shown_phone(facts["phone"], style["phone"]))),
        (("Address", f"{facts['street']}, {facts['city']}, {facts['state']} {facts['zip']}"), None),
        (("Insurance", facts["payer"]), ("Member ID", facts["member_number"])),
    ]:
        pair(110, *left, 1590 if right is None else 950)
        if right:
            pair(1000, *right, 1590)
        y += 74
    end = sheet.write(110, y, "Priority:", 28) + 20
    for value, title in [("routine", "Routine"), ("urgent", "Urgent"), ("stat", "STAT")]:
        end = sheet.tick(end, y, title, facts["urgency"] == value)
    y += 80
    for label, value in [
        ("Requested Service", facts["requested_service"]), ("Reason for Referral", facts["reason"]), ("Diagnosis (ICD-10)", ", ".join(facts["diagnosis_codes"])),
        ("CPT Code", ", ".join(facts["procedure_codes"])), ("Referring Provider", "Dr. " + facts["referrer_name"]), ("NPI", facts["referrer_npi"]),
    ]:
        pair(110, label, value, 1590)
        y += 74
    sheet.write(110, y + 60, "Please attach recent notes and test results. Thank you for seeing this patient.", 26)


def boxed(sheet, facts, style):
    """Cells with a small caption in the corner and the value below it."""
    sheet.write(110, 120, "Specialist Referral", 46, bold=True)
    sheet.write(1000, 120, facts["practice"], 30, bold=True)
    y = 170

    def row(cells, height=96):
        nonlocal y
        x = 110
        for label, value, share in cells:
            right = x + int(1480 * share)
            sheet.box(x, y, right, y + height)
            sheet.write(x + 10, y + 26, label, 20)
            sheet.write(x + 16, y + 74, value, 31, entry=True)
            x = right
        y += height

    def section(title):
        nonlocal y
        y += 40
        sheet.write(110, y + 10, title, 28, bold=True)
        y += 24

    section("PATIENT INFORMATION")
    row([("Last name", facts["family_name"], .4), ("First name", facts["given_name"], .35), ("Gender", facts["sex"][0].upper(), .25)])
    row([("DOB", shown_date(facts["birth_date"], style["date"]), .4), ("Home phone", shown_phone(facts["phone"], style["phone"]), .6)])
    row([("Street address", facts["street"], .45), ("City", facts["city"], .25), ("State", facts["state"], .1), ("ZIP", facts["zip"], .2)])
    section("INSURANCE")
    row([("Insurance company", facts["payer"], .55), ("Policy number", facts["member_number"], .45)])
    section("REFERRAL DETAILS")
    row([("Specialty", facts["specialty_name"], .4), ("Urgency", facts["urgency"].title() if facts["urgency"] != "stat" else "STAT", .25),
         ("Date of referral", shown_date(facts["referral_date"], style["date"]), .35)])
    row([("Services requested", facts["requested_service"], 1)])
    row([("Reason for visit", facts["reason"], 1)])
    row([("ICD-10 code(s)", " ".join(facts["diagnosis_codes"]), .5), ("CPT code(s)", " ".join(facts["procedure_codes"]), .5)])
    section("REFERRING PROVIDER")
    row([("Provider name", facts["referrer_name"] + ", MD", .6), ("NPI number", facts["referrer_npi"], .4)])
    row([("Practice name", facts["practice"], .6), ("Office phone", shown_phone(facts["practice_phone"], style["phone"]), .4)])


def letter(sheet, facts, style):
    """A letter in sentences."""
    letterhead(sheet, facts, style)
    sheet.write(110, 300, shown_date(facts["referral_date"], style["date"] if style["date"] != "us" else "words"), 30)
    sheet.write(110, 380, f"To: {facts['specialty_name']} Department", 30)
    sheet.write(110, 460, f"RE: {facts['given_name']} {facts['family_name']}", 31, bold=True)
    sheet.write(160, 510, f"DOB: {shown_date(facts['birth_date'], style['date'])}   Sex: {facts['sex'].title()}", 30)
    sheet.write(160, 560, f"Phone: {shown_phone(facts['phone'], style['phone'])}", 30)
    sheet.write(160, 610, f"Address: {facts['street']}, {facts['city']}, {facts['state']} {facts['zip']}", 30)
    sheet.write(160, 660, f"Insurance: {facts['payer']}, Member ID {facts['member_number']}", 30)
    y = 760
    sheet.write(110, y, "Dear Colleague,", 30)
    pronoun = {"female": "She", "male": "He"}[facts["sex"]]
    manner = {"routine": "This is a routine referral.", "urgent": "This referral is urgent.", "stat": "This is a STAT referral."}[facts["urgency"]]
    y = sheet.wrapped(110, y + 70, f"Thank you for seeing this patient of mine. {pronoun} has been under our care for some years. {manner}", 1480)
    y += 30
    for label, value in [
        ("Reason for referral", facts["reason"]), ("Requested service", facts["requested_service"]),
        ("Diagnosis", ", ".join(facts["diagnosis_codes"])), ("CPT", ", ".join(facts["procedure_codes"])),
    ]:
        sheet.write(110, y, f"{label}: {value}", 30)
        y += 54
    y = sheet.wrapped(110, y + 40, "Please send your consultation note to our office. I look forward to your opinion.", 1480)
    sheet.write(110, y + 60, "Sincerely,", 30)
    sheet.write(110, y + 170, f"{facts['referrer_name']}, MD", 30)
    sheet.write(110, y + 215, f"NPI {facts['referrer_npi']}", 28)


def columns(sheet, facts, style):
    """Labels in one column, values in another."""
    sheet.write(110, 130, "OUTPATIENT REFERRAL ORDER", 42, bold=True)
    sheet.write(110, 190, f"Ordering practice: {facts['practice']}", 28)
    y = 290
    for title, pairs in [
        ("Patient", [("Name", f"{facts['family_name']}, {facts['given_name']}"), ("Birth date", shown_date(facts["birth_date"], style["date"])),
                     ("Sex", facts["sex"].title()), ("Telephone", shown_phone(facts["phone"], style["phone"])), ("Street", facts["street"]),
                     ("City, State, ZIP", f"{facts['city']}, {facts['state']} {facts['zip']}")]),
        ("Coverage", [("Payer", facts["payer"]), ("Subscriber ID", facts["member_number"])]),
        ("Order", [("Order date", shown_date(facts["referral_date"], style["date"])), ("Specialty requested", facts["specialty_name"]),
                   ("Service", facts["requested_service"]), ("Priority", facts["urgency"].upper()), ("Clinical indication", facts["reason"]),
                   ("Diagnosis codes", ", ".join(facts["diagnosis_codes"])), ("Procedure codes", ", ".join(facts["procedure_codes"]))]),
        ("Ordered by", [("Physician", f"{facts['referrer_name']}, DO"), ("NPI", facts["referrer_npi"]),
                        ("Office telephone", shown_phone(facts["practice_phone"], style["phone"]))]),
    ]:
        sheet.write(110, y, title, 32, bold=True)
        sheet.rule(110, y + 12, 1590, 2)
        y += 60
        for label, value in pairs:
            sheet.write(150, y, label, 28)
            sheet.write(600, y, value, 30, entry=True)
            y += 52
        y += 30


def grid(sheet, facts, style):
    """A table with two pairs in a row, every cell ruled."""
    sheet.write(500, 130, "Consult / Referral Request", 44, bold=True)
    sheet.write(110, 200, "From:", 28)
    sheet.write(220, 200, facts["practice"], 30, entry=True)
    y = 250
    rows = [
        ("Patient", f"{facts['given_name']} {facts['family_name']}", "D.O.B.", shown_date(facts["birth_date"], style["date"])),
        ("Gender", facts["sex"].title(), "Cell phone", shown_phone(facts["phone"], style["phone"])),
        ("Home address", facts["street"], "City/State/Zip", f"{facts['city']}, {facts['state']} {facts['zip']}"),
        ("Primary insurance", facts["payer"], "ID #", facts["member_number"]),
        ("Referred to", facts["specialty_name"], "Request date", shown_date(facts["referral_date"], style["date"])),
        ("Priority", facts["urgency"].title() if facts["urgency"] != "stat" else "STAT", "Procedure code", ", ".join(facts["procedure_codes"])),
        ("Referring MD", facts["referrer_name"], "NPI #", facts["referrer_npi"])]
    for first, one, second, two in rows:
        for left, right, text, entry in [(110, 370, first, False), (370, 900, one, True), (900, 1140, second, False), (1140, 1590, two, True)]:
            sheet.box(left, y, right, y + 70)
            sheet.write(left + 10, y + 46, text, 25 if not entry else 28, bold=not entry, entry=entry)
        y += 70
    for label, value in [
        ("Type of service", facts["requested_service"]), ("Reason for consult", facts["reason"]), ("Dx code(s)", ", ".join(facts["diagnosis_codes"])),
    ]:
        sheet.box(110, y, 370, y + 80)
        sheet.box(370, y, 1590, y + 80)
        sheet.write(120, y + 50, label, 25, bold=True)
        sheet.write(384, y + 50, value, 28, entry=True)
        y += 80
    sheet.write(110, y + 70, "Signature on file. This form is valid for 90 days.", 26)


def captions(sheet, facts, style):
    """Values on lines with their captions below."""
    letterhead(sheet, facts, style)
    sheet.write(620, 290, "PATIENT REFERRAL", 40, bold=True)
    y = 390

    def row(cells):
        nonlocal y
        x = 110
        for label, value, share in cells:
            width = int(1480 * share)
            sheet.write(x + 10, y, value, 31, entry=True)
            sheet.rule(x, y + 10, x + width - 30)
            sheet.write(x + 4, y + 36, label, 21)
            x += width
        y += 112

    row([("Patient last name", facts["family_name"], .38), ("First name", facts["given_name"], .34), ("Date of birth", shown_date(facts["birth_date"], style["date"]), .28)])
    row([("Mailing address", facts["street"], .42), ("City", facts["city"], .25), ("State", facts["state"], .1), ("Zip code", facts["zip"], .23)])
    row([("Phone number", shown_phone(facts["phone"], style["phone"]), .5), ("Sex (M/F)", facts["sex"][0].upper(), .2), ("Today's date", shown_date(facts["referral_date"], style["date"]), .3)])
    row([("Name of insurance", facts["payer"], .55), ("Insurance ID number", facts["member_number"], .45)])
    row([("Specialty or department", facts["specialty_name"], .5), ("Service or procedure", facts["requested_service"], .5)])
    row([("Reason for referral", facts["reason"], 1)])
    row([("ICD-10 diagnosis", ", ".join(facts["diagnosis_codes"]), .5), ("CPT", ", ".join(facts["procedure_codes"]), .5)])
    row([("Referring physician", facts["referrer_name"], .6), ("Physician NPI", facts["referrer_npi"], .4)])
    end = sheet.write(110, y, "How soon?", 28, bold=True) + 30
    for value, title in [("routine", "Routine"), ("urgent", "Urgent (within 7 days)"), ("stat", "Stat")]:
        end = sheet.tick(end, y, title, facts["urgency"] == value)


def printout(sheet, facts, style):
    """What a practice's own system prints."""
    sheet.entry = sheet.font
    sheet.write(110, 120, facts["practice"].upper(), 32, bold=True)
    sheet.write(110, 165, f"Referral Summary    Printed {shown_date('2026-11-28', 'us')} 08:14    Page 1 of 1", 25)
    y = 250
    name = f"{facts['family_name'].upper()}, {facts['given_name'].upper()}"
    for title, pairs in [
        ("DEMOGRAPHICS", [("Patient", name), ("Date of Birth", shown_date(facts["birth_date"], style["date"])), ("Legal Sex", facts["sex"].title()),
                          ("Mobile", shown_phone(facts["phone"], style["phone"])), ("Address", facts["street"]),
                          ("", f"{facts['city']}, {facts['state']} {facts['zip']}")]),
        ("INSURANCE", [("Plan", facts["payer"]), ("Member #", facts["member_number"])]),
        ("REFERRAL", [("Created", shown_date(facts["referral_date"], style["date"])), ("To specialty", facts["specialty_name"]),
                      ("Urgency", facts["urgency"].title()), ("Requested procedure", facts["requested_service"]), ("Referral reason", facts["reason"]),
                      ("Diagnoses", "; ".join(facts["diagnosis_codes"])), ("Procedures", "; ".join(facts["procedure_codes"]))]),
        ("REFERRING PROVIDER", [("Name", f"{facts['referrer_name']}, NP"), ("NPI", facts["referrer_npi"]), ("Clinic", facts["practice"]),
                                ("Clinic phone", shown_phone(facts["practice_phone"], style["phone"]))]),
    ]:
        sheet.write(110, y, title, 29, bold=True)
        y += 50
        for label, value in pairs:
            if label:
                sheet.write(140, y, f"{label}:", 26)
            sheet.write(520, y, value, 26)
            y += 43
        y += 34


def cover(sheet, facts, style, pages=3):
    sheet.write(110, 200, "FAX", 110, bold=True)
    y = 360
    for label, value in [
        ("To", f"{facts['specialty_name']} scheduling"), ("From", facts["practice"]), ("Fax", shown_phone(facts["practice_phone"], "round")),
        ("Date", shown_date(facts["referral_date"], style["date"])), ("Pages including cover", str(pages)), ("Subject", "Referral"),
    ]:
        sheet.write(110, y, label + ":", 34, bold=True)
        sheet.write(520, y, value, 34)
        y += 84
    sheet.wrapped(
        110, y + 120, "CONFIDENTIALITY NOTICE: This facsimile transmission contains confidential information intended only for the addressee. If you have "
        "received this fax in error, please notify the sender immediately and destroy all copies.", 1480, 26)


def note(sheet, facts, style):
    letterhead(sheet, facts, style)
    sheet.write(110, 290, "PROGRESS NOTE", 36, bold=True)
    sheet.write(110, 350, f"Patient: {facts['given_name']} {facts['family_name']}    DOB: {shown_date(facts['birth_date'], style['date'])}", 28)
    sheet.write(110, 395, f"Date of service: {shown_date(facts['referral_date'], style['date'])}", 28)
    y = 470
    for title, text in [
        ("History of Present Illness", f"{facts['reason']}. Symptoms have been stable over the past weeks and do not wake the patient at night."),
        ("Medications", "Lisinopril 10 mg daily, metformin 500 mg twice daily, atorvastatin 20 mg at night."),
        ("Physical Exam", "Blood pressure 138/84, pulse 76, temperature 98.4. Heart regular, lungs clear, abdomen soft."),
        ("Assessment and Plan", f"{facts['reason']}. Refer to {facts['specialty_name']}. Follow up in four weeks."),
    ]:
        sheet.write(110, y, title, 30, bold=True)
        y = sheet.wrapped(110, y + 48, text, 1480, 28) + 40
    sheet.write(110, y, f"Electronically signed by {facts['referrer_name']}, MD", 26)


def card(sheet, facts, style):
    sheet.box(200, 300, 1400, 1050, 4)
    sheet.write(250, 390, facts["payer"], 46, bold=True)
    for place, (label, value) in enumerate([
        ("Member Name", f"{facts['given_name']} {facts['family_name']}"), ("Member ID", facts["member_number"]), ("Group", "G-20418"), ("Rx BIN", "610014"),
    ]):
        sheet.write(250, 500 + place * 90, label, 26)
        sheet.write(560, 500 + place * 90, value, 32)
    sheet.write(250, 920, "Copay: PCP $25   Specialist $40   ER $150", 28)
    sheet.write(250, 980, "Present this card each time you receive care. Customer Service 800-555-0199", 22)


def result(sheet, facts, style):
    sheet.write(110, 140, "LABORATORY REPORT", 42, bold=True)
    sheet.write(110, 220, f"Patient: {facts['family_name']}, {facts['given_name']}    DOB: {shown_date(facts['birth_date'], style['date'])}", 28)
    sheet.write(110, 270, f"Collected: {shown_date(facts['referral_date'], style['date'])}    Ordering provider: {facts['referrer_name']}", 28)
    y = 360
    for row in [
        ("Test", "Result", "Units", "Reference range"), ("Hemoglobin", "13.2", "g/dL", "12.0 - 15.5"), ("WBC", "6.8", "x10^3/uL", "4.0 - 11.0"),
        ("Platelets", "245", "x10^3/uL", "150 - 400"), ("Glucose", "142 H", "mg/dL", "70 - 99"), ("Creatinine", "0.9", "mg/dL", "0.6 - 1.2"),
        ("Specimen", "Serum", "", "Final"),
    ]:
        for x, text in zip((110, 600, 900, 1200), row):
            if text:
                sheet.write(x, y, text, 28)
        y += 56


BUILDING = {"underlined": underlined, "boxed": boxed, "letter": letter, "columns": columns}
HELD = {"grid": grid, "captions": captions, "printout": printout}
ATTACHED = {"note": note, "card": card, "result": result}
