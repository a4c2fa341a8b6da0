#!/usr/bin/env python3
"""SQL that only one database understands, and SQL outside its room (docs/developers.md, SQL).

  check_sql.py ROOT
What may not be shared between the three stores is check_stores.py's.
"""
import pathlib
import re
import sys

CALL = re.compile(r"\bdb_(?:exec|query)\w*\s*\((.*?)(?:ARGS|NO_ARGS)", re.S)
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
SQL_WORD = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b")
FIRST_LINE = re.compile(r"^-- store: (named|voice|self|system)  file: (record|derived)$")

# (pattern, why); text between quotes in SQL is taken out first.
REFUSED = [
    (r"\bILIKE\b", "ILIKE is PostgreSQL's"),
    (r"\bGLOB\b", "GLOB is SQLite's"),
    (r"::\s*\w", "a :: cast is PostgreSQL's"),
    (r"\bREPLACE\s+INTO\b", "REPLACE INTO is SQLite's"),
    (r"\browid\b", "rowid is SQLite's"),
    (r"\bINSERT\s+OR\b", "INSERT OR is SQLite's"),
    (r"->>?", "JSON operators differ"),
    (r"(?<!CAST\()(?<!CAST\(COALESCE\()\b(SUM|AVG)\s*\(", "SUM and AVG need CAST(... AS BIGINT)"),
    (r"\b(CURRENT_TIMESTAMP|CURRENT_DATE|datetime\s*\(|strftime|now\s*\()", "dates come from ctx->now_ms"),
    (r"\bDEFERR", "deferred constraints break group commit"),
    (r"\bSERIAL\b|\bVARCHAR\b|\bAUTOINCREMENT\b", "a type of one database only"),
    (r"\$\d+\s+IS\s+(NOT\s+)?NULL", "an untyped parameter IS NULL"),
    (r"\bLIKE\b(?!\s+\$\d)", "LIKE takes a parameter lowered by us, and a lowered column"),
]
MIGRATION_REFUSED = REFUSED[:7] + [
    (r"\bINTEGER\b", "INTEGER holds no _ms value in PostgreSQL: BIGINT or {{PK}}"),
    (r"\bSERIAL\b|\bVARCHAR\b|\bBOOLEAN\b|\bTIMESTAMP\b|\bBYTEA\b", "a type of one database only: {{BLOB}}, BIGINT, TEXT"),
    (r"\bDEFERR", "deferred constraints break group commit"),
]


def strip_quotes(sql):
    return re.sub(r"'[^']*'", "''", sql)


def c_faults(path, name):
    faults, text = [], path.read_text(encoding="utf-8")
    is_store = bool(re.search(r"_store\w*\.c$", path.name))
    if name.startswith("src/features/") and not is_store and SQL_WORD.search(
            " ".join(STRING.findall(" ".join(CALL.findall(text))))):
        faults.append(f"{name}: SQL belongs into the feature's _store file")
    for call in CALL.findall(text):
        sql = strip_quotes(" ".join(STRING.findall(call)))
        for pattern, why in REFUSED:
            if re.search(pattern, sql, re.I):
                faults.append(f"{name}: {why}: {sql[:90]}")
    return faults


def without_blocks(sql):
    """Blocks between `-- only DRIVER` and `-- both` may speak one database's words."""
    return re.sub(r"^-- only \w+$.*?^-- both$", "", sql, flags=re.S | re.M)


def migration_faults(path, name, stores):
    text, faults = path.read_text(encoding="utf-8"), []
    first = FIRST_LINE.match(text.split("\n", 1)[0])
    if not first:
        return [f"{name}: the first line names no store and file"]
    sql = strip_quotes(re.sub(r"--.*", "", without_blocks(text)))
    for pattern, why in MIGRATION_REFUSED:
        if re.search(pattern, sql, re.I):
            faults.append(f"{name}: {why}")
    for table in re.findall(r"CREATE\s+(?:VIRTUAL\s+)?TABLE\s+(?:IF NOT EXISTS\s+)?(\w+)", sql, re.I):
        stores[table] = first.group(1)
    return faults


def main(root):
    faults, stores = [], {}
    sources = [p for p in sorted((root / "src").rglob("*.c")) if not p.name.endswith("_test.c")]
    migrations = sorted((root / "src").rglob("migrations/*.sql"))
    for path in migrations:
        faults += migration_faults(path, str(path.relative_to(root)), stores)
    for path in sources:
        name = str(path.relative_to(root))
        if not name.startswith("src/db/"):  # the drivers speak their own database's words
            faults += c_faults(path, name)
    for fault in faults:
        print(fault)
    print(f"sql: {len(sources)} files, {len(migrations)} migrations, {len(stores)} tables, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
