#!/usr/bin/env python3
"""Calls that this program does not make, and memory only where it belongs (docs/developers.md, Memory).

  check_banned.py ROOT
The compiler stops at the names of base/banned.h, which the build puts in front of every file; this reads the text,
so that files which the build at hand leaves out are read too.
"""
import pathlib
import re
import sys

# Each with what is used instead.
EVERYWHERE = {
    "strcpy": "Str", "strcat": "Buf", "strncpy": "Str", "strncat": "Buf", "sprintf": "str_format", "vsprintf": "str_format",
    "strtok": "str_cut", "gets": "cli_input", "atoi": "str_parse_int", "atol": "str_parse_int", "gmtime": "text/zone.h",
    "localtime": "text/zone.h", "ctime": "text/zone.h", "asctime": "text/zone.h", "setlocale": "ctx->lang",
    "system": "posix_spawn", "popen": "posix_spawn", "rand": "ctx->chance", "srand": "ctx->chance", "alloca": "the arena",
    "setjmp": "Err", "longjmp": "Err", "fork": "posix_spawn", "vfork": "posix_spawn", "scanf": "str_parse_int", "sscanf": "str_parse_int",
    "tmpnam": "the data folder", "mktemp": "the data folder",
}
MEMORY = ("malloc", "calloc", "realloc", "free", "strdup", "strndup", "asprintf", "vasprintf")
# Where a library's own memory is handed over: its hooks, or its strings to be given back.
MEMORY_ROOMS = re.compile(r"^src/(base|db|http|image|net)/")
NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', re.S)


def without_noise(text):
    """The same text, its comments and literals blank, its lines kept."""
    return NOISE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def faults_of(path, name):
    faults, text = [], without_noise(path.read_text(encoding="utf-8"))
    is_test = name.endswith("_test.c") or "/testing/" in name or "test_" in path.name or name.startswith("tests/")
    for found in re.finditer(r"(?<![\w.>])(\w+)\s*\(", text):
        word, line = found.group(1), text.count("\n", 0, found.start()) + 1
        if word in EVERYWHERE and not is_test:
            faults.append(f"{name}:{line}: {word} is banned: use {EVERYWHERE[word]}")
        elif word in MEMORY and not is_test and not MEMORY_ROOMS.match(name):
            faults.append(f"{name}:{line}: {word} belongs to base/: use the arena")
    for found in re.finditer(r"\bgoto\b", text):
        faults.append(f"{name}:{text.count(chr(10), 0, found.start()) + 1}: goto: use CLEANUP")
    return faults


def main(root):
    faults, files = [], sorted(path for path in (root / "src").rglob("*.[ch]") if path.name != "banned.h")
    for path in files:
        faults += faults_of(path, str(path.relative_to(root)))
    build = root / "meson.build"
    if build.exists() and "base/banned.h" not in build.read_text():
        faults.append("meson.build: base/banned.h is not put in front of every file")
    for fault in faults:
        print(fault)
    print(f"banned: {len(files)} files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
