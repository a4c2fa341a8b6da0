#!/usr/bin/env python3
"""Every function that may touch storage is called by a fault sweep (src/testing/faults.h).

  check_faults.py ROOT
Looked at: functions that take a Ctx and return an Err, declared in a header of a feature, of ledger/ or queue/ (not
in *_store.h, nor in headers of tests, and no handler of a request, which stands on them); jobs' handlers and
the hooks of http/ in tables. One that leads to a statement or a transaction of db/, through whatever it names, must stand
in a line READS, WRITES, WRITES_INSIDE or REPEATS of a *fault_test.c.
"""
import pathlib
import re
import sys

ROOMS = ("features", "ledger", "queue")
STORAGE = re.compile(r"\bdb_(?:exec|query|begin)\w*\b")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
DECLARED = re.compile(r"\bErr\s+(\w+)\s*\(([^;{}]*)\)\s*;")
# At the left margin: a return type, a name, parameters, a body that ends with a brace at the left margin.
DEFINED = re.compile(r"^(static\s+)?(?:inline\s+)?[A-Za-z_][\w\s*]*?\b(\w+)\(([^;{}]*)\)\s*\{\n(.*?)^\}", re.M | re.S)
TABLE = re.compile(r"^(?:static\s+)?const\s+(JobKind|HttpHooks)\s+(\w+)(?:\[\])?\s*=\s*\{(.*?)\};", re.M | re.S)
SWEPT = re.compile(r"\b(?:READS|WRITES|WRITES_INSIDE|REPEATS)\(\s*(?:[^,()]|\([^()]*\))+,(?:[^,()]|\([^()]*\))+,\s*([\w.\[\]]+)\(")
WORD = re.compile(r"\b[A-Za-z_]\w*\b")


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def code_of(path):
    return STRING.sub('""', COMMENT.sub(blank, path.read_text(encoding="utf-8")))


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def is_test(path):
    return "test" in path.name or "testing" in path.parts


class Program:
    """Who names whom. A function is known by (file, name) where it is static, else by (None, name)."""

    def __init__(self, root):
        self.functions, named = {}, {}
        for path in sorted((root / "src").rglob("*.[ch]")):
            if is_test(path):
                continue
            for static, name, parameters, body in DEFINED.findall(code_of(path)):
                key = (path if static else None, name)
                self.functions[key] = parameters
                named[key] = (path, body)
        self.storing = {key for key, (_, body) in named.items() if STORAGE.search(body)}
        users = {}
        for key, (path, body) in named.items():
            for word in set(WORD.findall(body)):
                users.setdefault(self.key(path, word), set()).add(key)
        waiting = list(self.storing)
        while waiting:
            new = users.get(waiting.pop(), set()) - self.storing
            self.storing |= new
            waiting += new

    def key(self, path, name):
        return (path, name) if (path, name) in self.functions else (None, name)

    def parameters(self, path, name):
        return self.functions.get(self.key(path, name), "")

    def may_store(self, path, name):
        return self.key(path, name) in self.storing


def declared(root):
    """(file, line, name by which a sweep calls it, the function)"""
    for room in ROOMS:
        for path in sorted((root / "src" / room).rglob("*.h")):
            if is_test(path) or path.name.endswith("_store.h"):
                continue
            text = code_of(path)
            for match in DECLARED.finditer(text):
                if re.search(r"\bCtx\s*\*", match.group(2)) and not re.search(r"\bRequest\s*\*", match.group(2)):
                    yield path, line_of(text, match.start()), match.group(1), match.group(1)


def in_tables(root, program):
    """Handlers of jobs as kinds[i].handler or .batch, hooks as hooks.name."""
    for path in sorted((root / "src" / "features").rglob("*.c")):
        if is_test(path):
            continue
        text = code_of(path)
        for match in TABLE.finditer(text):
            kind, table, body = match.groups()
            for word in WORD.finditer(body):
                parameters = program.parameters(path, word.group(0))
                if not re.search(r"\bCtx\s*\*", parameters) or re.search(r"\bRequest\s*\*", parameters):
                    continue
                member = re.search(r"\.(\w+)\s*=\s*$", body[:word.start()])
                row = body[:word.start()].count("{") - 1
                if kind == "HttpHooks":
                    name = f"{table}.{member.group(1)}" if member else table
                else:
                    name = (table if row < 0 else f"{table}[{row}]") + (".batch" if "size_t" in parameters else ".handler")
                yield path, line_of(text, match.start(3) + word.start()), name, word.group(0)


def swept(root):
    names = {}
    for path in sorted((root / "src").rglob("*fault_test.c")):
        text = code_of(path)
        for match in SWEPT.finditer(text):
            names.setdefault(match.group(1), (path, line_of(text, match.start())))
    return names


def main(root):
    program, calls, faults, count = Program(root), swept(root), [], 0
    for path, line, name, function in [*declared(root), *in_tables(root, program)]:
        if not program.may_store(path, function):
            continue
        count += 1
        if name not in calls:
            faults.append(f"{path.relative_to(root)}:{line}: {name} may touch storage and stands in no fault sweep: call it in a line"
                          " READS(...) or WRITES(...) of a *fault_test.c (src/testing/faults.h)")
    for fault in faults:
        print(fault)
    print(f"faults: {count} functions, {len(calls)} swept, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
