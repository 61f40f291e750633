"""Makes a PostgreSQL table of leads larger by copying rows inside the database: a million in minutes, where the API would take an hour.

What a create leaves (the lead, its message, its follower, its lines of the trail, and who did something to it) is copied with ids of its own, so that every table
and index has the size that it would have; the trail's chain of hashes is not continued by the copies, and is not verified in a benchmark.
"""

# Table, its key, and columns that hold the number of the lead.
TABLES = [("crm_lead", "id", []), ("mail_message", "id", ["res_id"]), ("mail_followers", "id", ["res_id"]), ("approval_doer", "id", ["res_id"]),
          ("baton_audit", "seq", [])]
# Which rows of the tables belong to leads.
OF_LEADS = {"crm_lead": "true", "mail_message": "model = 'crm.lead'", "mail_followers": "res_model = 'crm.lead'",
            "approval_doer": "res_model = 'crm.lead'", "baton_audit": "model = 'crm.lead'"}


def columns(postgres, table):
    sql = f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' AND table_schema = current_schema() ORDER BY ordinal_position"
    return postgres.query(sql).split("\n")


def indexes(postgres, table):
    """(name, how it is made) of each index that no constraint needs."""
    rows = postgres.query(
        f"SELECT i.indexname || chr(9) || i.indexdef FROM pg_indexes i WHERE i.tablename = '{table}' AND NOT EXISTS "
        f"(SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)")
    return [row.split("\t") for row in rows.split("\n") if row]


def copies(postgres, table, key, links, span, lead_span, times):
    """The statement that copies each row of leads so many times, with keys and links beyond those that there are."""
    def value(name):
        if name == key:
            return f'"{name}" + k * {span}'
        return f'"{name}" + k * {lead_span}' if name in links else f'"{name}"'
    names = columns(postgres, table)
    listed, values = ", ".join(f'"{name}"' for name in names), ", ".join(value(name) for name in names)
    return f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table}, generate_series(1, {times}) k WHERE {OF_LEADS[table]} ORDER BY k, \"{key}\""


def multiply(postgres, wanted):
    """Copies what belongs to leads until there are about as many as wanted; gives how many there are."""
    have = int(postgres.query("SELECT count(*) FROM crm_lead"))
    times = round(wanted / have) - 1
    if times < 1:
        return have
    lead_span = int(postgres.query("SELECT max(id) FROM crm_lead"))
    for table, key, links in TABLES:
        highest = postgres.query(f"SELECT max({key}) FROM {table}")
        if not highest:
            continue
        span = int(highest)
        made = indexes(postgres, table)
        drops = "".join(f'DROP INDEX "{name}"; ' for name, _ in made)
        makes = "; ".join(definition for _, definition in made)
        postgres.query(
            f"SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; BEGIN; {drops}"
            f"{copies(postgres, table, key, links, span, lead_span, times)}; {makes}; COMMIT")
        if key == "id":
            postgres.query(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    return int(postgres.query("SELECT count(*) FROM crm_lead"))
