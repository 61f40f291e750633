"""Who and what stands on the faxes that the reader is tried with: everything by seed, nobody real."""

import datetime
import random

GIVEN = {
    "female": "Mary Patricia Linda Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Sandra Ashley Kimberly Emily Donna Michelle Carol Amanda Dorothy "
    "Melissa Deborah Stephanie Rebecca Laura Sharon Cynthia Kathleen Amy Angela Shirley Anna Brenda Pamela Emma Nicole Helen Samantha Katherine Christine "
    "Amara Ines Priya Mei Yuki Fatima Aisha Ingrid Olga Lucia".split(),
    "male": "James Robert John Michael David William Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark Donald Steven Andrew Paul Joshua "
    "Kenneth Kevin Brian George Timothy Ronald Jason Edward Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon "
    "Kwame Tariq Hiroshi Wei Rajesh Mateo Diego Lars Pavel Omar".split(),
}
FAMILY = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee "
    "Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker "
    "Hall Rivera Campbell Mitchell Carter Roberts Okafor Bauer Moreau Lindqvist Kowalski Petrov Tanaka Silva O'Brien McCarthy Abernathy Whitfield Castellano "
    "Iyer Banerjee Haddad Novak Fitzgerald Vandenberg Ellison Hollis Ibarra Quintero Yamada Zielinski").split()
STREETS = "Oak Maple Cedar Pine Elm Washington Lake Hill Walnut Spring North Ridge Church Willow Mill River Sunset Jackson Highland Forest".split()
ENDINGS = ["St", "Ave", "Rd", "Dr", "Ln", "Street", "Avenue", "Court", "Blvd", "Way"]
TOWNS = [
    ("Northlake", "MN", "55701"), ("Southgate", "MN", "55802"), ("Westfield", "MN", "56310"), ("Lakeside", "IL", "60045"), ("Springfield", "IL", "62704"),
    ("Fairview", "WI", "53703"), ("Greenville", "IA", "52240"), ("Madison", "WI", "53711"), ("Riverton", "ND", "58102"), ("Duluth", "MN", "55805")]
PAYERS = [
    "Meridian Health", "Blue Harbor Mutual", "Summit Care Plan", "Evergreen Assurance", "Federal Care Programme", "Acme Health", "Northern Plains PPO",
    "Lakeshore Medicare Advantage"]
PRACTICES = [
    "Maple Street Family Practice", "Harbor View Internal Medicine", "Cedar Ridge Clinic", "Prairie Women's Health", "Old Mill Paediatrics",
    "Stonebridge Primary Care", "Lakeside Walk-in Clinic", "Birchwood Geriatrics", "Fairmount Community Clinic", "Union Station Medical Group"]
# Code, name, what is asked for, why, ICD-10, CPT.
CASES = [
    ("CARD", "Cardiology", "Consultation and stress test", "Chest pain on effort for three weeks", ["I20.9", "I10"], ["93015"]),
    ("CARD", "Cardiology", "Echocardiogram", "New systolic murmur and shortness of breath", ["R01.1", "R06.02"], ["93306"]),
    ("DERM", "Dermatology", "Evaluation of skin lesion", "Changing mole on left shoulder", ["D22.62"], ["99243"]),
    ("ENDO", "Endocrinology", "Consultation", "Poorly controlled type 2 diabetes, A1c 9.8", ["E11.65"], ["99244"]),
    ("GAST", "Gastroenterology", "Colonoscopy", "Positive stool test, family history of colon cancer", ["R19.5", "Z80.0"], ["45378"]),
    ("NEUR", "Neurology", "Evaluate and treat", "Recurrent headaches with visual aura", ["G43.109"], ["99204"]),
    ("ORTH", "Orthopaedics", "Consultation", "Right knee pain, suspected meniscus tear", ["M23.91", "M25.561"], ["99243"]),
    ("PULM", "Pulmonology", "Pulmonary function test", "Chronic cough and wheezing, never smoked", ["R05.3", "J45.909"], ["94010"]),
    ("UROL", "Urology", "Consultation", "Elevated PSA of 6.1, nocturia", ["R97.20"], ["99203"]),
    ("IMAG", "Diagnostic imaging", "MRI of the lumbar spine", "Low back pain with radiculopathy for two months", ["M54.16"], ["72148"]),
    ("PHYS", "Physiotherapy", "Evaluate and treat", "Rehabilitation after rotator cuff repair", ["Z47.89", "M75.121"], ["97161"]),
    ("ONCO", "Oncology", "Consultation", "Breast mass seen on mammogram", ["N63.20"], ["99245"])]
URGENCIES = ["routine"] * 6 + ["urgent"] * 3 + ["stat"]


def npi(chance):
    """A number whose last digit fits: Luhn over 80840 and the nine digits."""
    digits = [chance.choice([1, 2])] + [chance.randrange(10) for _ in range(8)]
    total = 24
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return "".join(map(str, digits)) + str(-total % 10)


def phone(chance):
    return f"{chance.randrange(201, 989)}555{chance.randrange(100, 200):04d}"


def facts(chance):
    """What a referral says: the fields that the reader is asked for, by name."""
    sex = chance.choice(["female", "male"])
    town, state, zip_code = chance.choice(TOWNS)
    code, specialty, wanted, reason, diagnoses, procedures = chance.choice(CASES)
    born = datetime.date(1932, 1, 1) + datetime.timedelta(days=chance.randrange(31_000))
    written = datetime.date(2026, 10, 1) + datetime.timedelta(days=chance.randrange(55))
    doctor = (chance.choice(GIVEN[chance.choice(["female", "male"])]), chance.choice(FAMILY))
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    member = chance.choice([
        lambda: "M" + f"{chance.randrange(10**8):08d}", lambda: chance.choice(letters) + chance.choice(letters) + f"{chance.randrange(10**9):09d}",
        lambda: f"{chance.randrange(10**9, 10**10)}", lambda: "".join(chance.choice(letters) for _ in range(3)) + f"{chance.randrange(10**7):07d}-01"])()
    return {
        "family_name": chance.choice(FAMILY), "given_name": chance.choice(GIVEN[sex]), "birth_date": born.isoformat(), "sex": sex,
        "phone": phone(chance), "street": f"{chance.randrange(10, 9900)} {chance.choice(STREETS)} {chance.choice(ENDINGS)}",
        "city": town, "state": state, "zip": zip_code, "payer": chance.choice(PAYERS), "member_number": member,
        "referrer_name": " ".join(doctor), "practice": chance.choice(PRACTICES), "referrer_npi": npi(chance), "practice_phone": phone(chance),
        "specialty": code, "specialty_name": specialty, "requested_service": wanted, "urgency": chance.choice(URGENCIES), "reason": reason,
        "diagnosis_codes": diagnoses[: chance.choice([1, len(diagnoses)])], "procedure_codes": procedures, "referral_date": written.isoformat()}


# What the reader is measured by; the rest only stands on the page.
MEASURED = [
    "family_name", "given_name", "birth_date", "sex", "phone", "street", "city", "zip", "payer", "member_number", "referrer_name", "practice",
    "referrer_npi", "specialty", "requested_service", "urgency", "reason", "diagnosis_codes", "procedure_codes", "referral_date"]


def shown_date(text, style):
    day = datetime.date.fromisoformat(text)
    return {
        "us": f"{day.month:02d}/{day.day:02d}/{day.year}", "short": f"{day.month}/{day.day}/{day.year}", "dash": f"{day.month:02d}-{day.day:02d}-{day.year}",
        "words": f"{day.strftime('%B')} {day.day}, {day.year}", "iso": text, "military": f"{day.day:02d} {day.strftime('%b')} {day.year}"}[style]


def shown_phone(digits, style):
    area, middle, last = digits[:3], digits[3:6], digits[6:]
    return {"round": f"({area}) {middle}-{last}", "dash": f"{area}-{middle}-{last}", "dot": f"{area}.{middle}.{last}"}[style]
