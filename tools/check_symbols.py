#!/usr/bin/env python3
"""External names carry their file's or folder's prefix; all else is static (docs/developers.md, Names).

  check_symbols.py ROOT BUILD      reads the object files of the libraries in BUILD with nm
"""
import pathlib
import re
import subprocess
import sys

# Names that other programs or the compiler demand, and tables that the build writes.
ALLOWED = re.compile(r"^(main|LLVMFuzzer\w+|__\w+|messages_(zh|en)(_count)?|\w+_migrations(_count)?"
                     r"|demo_files(_count)?|app_(templates|assets)(_count)?)$")
# Types whose functions are named after the thing, not after the file (declared in these headers).
FOLDER_WORDS = {
    "app": ["app", "call", "cli", "folder", "server", "demo", "init", "plumb", "about", "porcelain", "media"],
    "base": ["ids", "size"],
    "conf": ["config"],
    "db": ["db", "pg", "conn", "seat", "writer"],
    "queue": ["queue", "event", "job", "claim", "run", "kind", "lane", "subscription"],
    "view": ["view", "qr", "template", "html", "render", "catalogue"],
    "identity": ["identity", "unit", "person", "grant", "password", "invitation", "token", "session", "role", "factor"],
    "register": ["register", "outlet", "card"],
    "manuscript": ["manuscript", "review"],
    "planning": ["planning", "pitch", "assignment", "calendar"],
    "portal": ["portal", "cards", "time", "kind", "outlet"],
    "http": ["http", "req", "res", "list", "asset", "coding", "connections", "exchange", "headers", "incoming",
             "media", "method", "query", "response", "safe", "workers"],
    "ledger": ["ledger", "entry", "tile", "tiles"],
    "sec": ["sec", "hex", "base64", "base64url", "base32", "checkpoint", "PASSWORD"],
}


def objects(build):
    return sorted(build.rglob("src/**/*.c.o"))


def source_of(obj):
    """(room or feature, file stem) of .../libx.a.p/name.c.o"""
    stem = obj.name[:-len(".c.o")]
    folder = obj.parent.parent.name
    library = re.match(r"lib(?:feature_)?(\w+)\.a\.p", obj.parent.name)
    return (library.group(1) if library else folder), stem.split("_..")[-1]


def words(room, stem):
    found = {room, stem, stem.split("_")[0]} | set(FOLDER_WORDS.get(room, []))
    return {word for word in found if word}


def globals_of(obj):
    out = subprocess.run(["nm", "-g", "--defined-only", str(obj)], capture_output=True, text=True, check=True)
    return [line.split()[-1] for line in out.stdout.splitlines()
            if len(line.split()) == 3 and line.split()[1] in "TDBRC"]


def main(root, build):
    faults, count = [], 0
    for obj in objects(build):
        if "_test" in obj.name or obj.name.startswith("test_") or "meson-generated" in obj.name:
            continue
        room, stem = source_of(obj)
        for name in globals_of(obj):
            count += 1
            if ALLOWED.match(name) or any(name == w or name.startswith(w + "_") for w in words(room, stem)):
                continue
            faults.append(f"{room}/{stem}.c: {name} carries neither its file's nor its folder's prefix")
    for fault in sorted(set(faults)):
        print(fault)
    print(f"symbols: {count} external names, {len(set(faults))} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
