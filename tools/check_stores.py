#!/usr/bin/env python3
"""Three stores without a shared key: named speech, identity-free voices, a student's own record (docs/developers.md, Stores).

  check_stores.py ROOT
Each migration names its store in its first line. No foreign key, no statement over tables of two of the three,
no key column of one name in two of them; the identity-free store holds no time finer than a day and no person.
"""
import pathlib
import re
import sys

FIRST_LINE = re.compile(r"^-- store: (named|voice|self|system)  file: (record|derived)$")
LANES = ("named", "voice", "self")
CREATE = re.compile(r"CREATE\s+(?:VIRTUAL\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)\s*(?:USING\s+\w+\s*)?\((.*?)\)\s*;", re.I | re.S)
ALTER = re.compile(r"ALTER\s+TABLE\s+(\w+)\s+ADD\s+COLUMN\s+(\w+)", re.I)
NO_COLUMN = {"PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT"}
# What tells one row from another, and so could lead from one store into another.
KEY = re.compile(r".+_(id|no|hash|code|key|token|receipt|nonce|salt|commit)$|^(login|handle|hash|token|receipt|nonce|email)$")
PERSONAL = re.compile(r"person|user|actor|author|address|(^|_)ip$|device|session|login|email|phone")
CALL = re.compile(r"\bdb_(?:exec|query)\w*\s*\((.*?)(?:\bARGS\b|\bNO_ARGS\b)", re.S)
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)|,\s*(\w+)\s+(?=\w+\s+ON\b)", re.I)


def plain(sql):
    return re.sub(r"'[^']*'", "''", re.sub(r"--.*", "", sql))


def columns_of(body):
    depth, part, parts = 0, "", []
    for letter in body:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += letter
    words = [text.split() for text in parts + [part] if text.split()]
    return [one[0] for one in words if one[0].upper() not in NO_COLUMN]


def read_migration(path, name, tables, faults):
    """Adds the file's tables: name -> (store, columns, file)."""
    text = path.read_text(encoding="utf-8")
    first = FIRST_LINE.match(text.split("\n", 1)[0])
    if not first:
        faults.append(f"{name}: the first line names no store and file")
        return
    for table, body in CREATE.findall(plain(text)):
        tables[table] = (first.group(1), columns_of(body), name)
    for table, column in ALTER.findall(plain(text)):
        if table in tables:
            tables[table][1].append(column)


def reference_faults(path, name, tables):
    text = path.read_text(encoding="utf-8")
    first = FIRST_LINE.match(text.split("\n", 1)[0])
    store = first.group(1) if first else None
    return [f"{name}: a foreign key to {table}, of the store {tables[table][0]}"
            for table in re.findall(r"REFERENCES\s+(\w+)", plain(text), re.I)
            if store and table in tables and tables[table][0] != store]


def column_faults(tables):
    faults, owners = [], {}
    for table, (store, columns, name) in sorted(tables.items()):
        for column in columns:
            if store == "voice" and PERSONAL.search(column):
                faults.append(f"{name}: the identity-free store may hold no column {column}")
            if store == "voice" and column.endswith("_ms"):
                faults.append(f"{name}: times of the identity-free store are days, not {column}")
            if store not in LANES or not KEY.match(column):
                continue
            other = owners.setdefault(column, (store, table))
            if other[0] != store:
                faults.append(f"{name}: {table}.{column} is a key that {other[1]}, of the store {other[0]}, has too")
    return faults


def statement_faults(path, name, tables):
    faults = []
    for call in CALL.findall(path.read_text(encoding="utf-8")):
        sql = plain(" ".join(STRING.findall(call)))
        named = {table for pair in TABLE.findall(sql) for table in pair if table in tables}
        lanes = {tables[table][0] for table in named} & set(LANES)
        if len(lanes) > 1:
            faults.append(f"{name}: one statement over {', '.join(sorted(named))}, of the stores {', '.join(sorted(lanes))}")
    return faults


def main(root):
    faults, tables = [], {}
    migrations = sorted((root / "src").rglob("migrations/*.sql"))
    sources = [path for path in sorted((root / "src").rglob("*.c")) if not path.name.endswith("_test.c")]
    for path in migrations:
        read_migration(path, str(path.relative_to(root)), tables, faults)
    for path in migrations:
        faults += reference_faults(path, str(path.relative_to(root)), tables)
    faults += column_faults(tables)
    for path in sources:
        faults += statement_faults(path, str(path.relative_to(root)), tables)
    for fault in faults:
        print(fault)
    print(f"stores: {len(migrations)} files, {len(tables)} tables, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
