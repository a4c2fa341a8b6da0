#!/usr/bin/env python3
"""Can the checkers fail? Each gets a small tree that is well and the same with one mistake, which it must name.

  check_self.py ROOT
"""
import pathlib
import subprocess
import sys
import tempfile

MESON = "project('x', 'c')\n# src/base/banned.h is put in front\n"
FEATURES = "features = [['a', 1], ['b', 2]]\n"
GOOD = {
    "meson.build": MESON,
    "src/features/meson.build": FEATURES,
    "src/features/a/meson.build": "feature_deps = []\n",
    "src/features/b/meson.build": "feature_deps = ['a']\n",
    "src/base/str.h": "/* base/str.h - x. */\n",
    "src/features/a/a.h": "/* a.h - x. */\n#include \"base/str.h\"\nCHECKED Err a_do(Ctx *ctx, int n);\nCHECKED Err a_name(Ctx *ctx);\n",
    "src/features/a/a_service.c": "static Err twice(Ctx *ctx) {\n    return f(ctx);\n}\n\nErr a_do(Ctx *ctx, int n) {\n    return twice(ctx);\n}\n\nErr a_name(Ctx *ctx) {\n    return OK;\n}\n",
    "src/features/a/a_fault_test.c": "void t(void) {\n    WRITES(&w, NO_RET, a_do(w.ctx, 1));\n}\n",
    "src/features/b/b_service.c": "#include \"features/a/a.h\"\nint x; /* system(1) is not called, \"rand()\" neither */\n",
    "src/features/a/a_store.c": "Err f(Ctx *ctx) {\n    return db_exec(ctx, \"UPDATE story SET n = $1\", ARGS(INT(1)));\n}\n",
    "src/features/a/migrations/0001_a.sql": "-- store: named  file: record\nCREATE TABLE story (\n    id {{PK}},\n    person_id BIGINT NOT NULL,\n    n BIGINT NOT NULL\n);\n",
    "src/features/b/migrations/0001_b.sql": "-- store: voice  file: record\nCREATE TABLE voice (\n    id {{PK}},\n    day BIGINT NOT NULL,\n    text TEXT NOT NULL\n);\n",
    "src/features/a/templates/a.mustache": "<p class=\"x\">{{#y}}<a href=\"/{{z}}\">{{z}}</a>{{{html}}}{{/y}}</p>\n<script type=\"application/json\">{}</script><script src=\"/a.js\" defer></script>\n",
}
VOICE = "src/features/b/migrations/0001_b.sql"
TEMPLATE = "src/features/a/templates/a.mustache"
STORE = "src/features/a/a_store.c"
SERVICE = "src/features/b/b_service.c"
ACTS = "src/features/a/a_service.c"
SWEEP = "src/features/a/a_fault_test.c"


def voice(line):
    return GOOD[VOICE].replace("    text TEXT NOT NULL\n", f"    text TEXT NOT NULL,\n    {line}\n")


def select(sql):
    return f"Err f(Ctx *ctx) {{\n    return db_query(ctx, &rows, \"{sql}\", NO_ARGS);\n}}\n"


# checker, what is wrong, file, its text, a word of the complaint
BAD = [
    ("layers", "a higher feature", "src/features/a/a_service.c", "#include \"features/b/b.h\"\n", "b"),
    ("layers", "a library's header in another room", SERVICE, "#include <sqlite3.h>\n", "belongs to db/"),
    ("layers", "rules for what readers write (R14)", SERVICE, "#include \"text/proof.h\"\n", "R14"),
    ("sql", "one database's word", STORE, GOOD[STORE].replace("n = $1", "n = $1::int"), "cast"),
    ("sql", "INTEGER in a migration", VOICE, voice("x INTEGER"), "INTEGER"),
    ("sql", "SQL outside the store", SERVICE, GOOD[STORE], "_store"),
    ("stores", "no store named", VOICE, GOOD[VOICE].split("\n", 1)[1], "names no store"),
    ("stores", "an unknown store", VOICE, GOOD[VOICE].replace("voice  file", "secret  file"), "names no store"),
    ("stores", "a foreign key between stores", VOICE, voice("story BIGINT REFERENCES story (id)"), "foreign key"),
    ("stores", "a person among voices", VOICE, voice("person_id BIGINT"), "may hold no column"),
    ("stores", "a fine time among voices", VOICE, voice("at_ms BIGINT"), "are days"),
    ("stores", "a common key", VOICE, GOOD[VOICE].replace("store: voice", "store: self").replace("day BIGINT", "person_id BIGINT"), "has too"),
    ("stores", "a join of two stores", STORE, select("SELECT s.n FROM story s JOIN voice v ON v.day = s.n"), "one statement"),
    ("stores", "a subquery in another store", STORE, select("SELECT n FROM story WHERE n IN (SELECT day FROM voice)"), "one statement"),
    ("banned", "a banned call", SERVICE, "int f(void) {\n    return system(\"ls\");\n}\n", "system is banned"),
    ("banned", "memory outside base", SERVICE, "void *f(void) {\n    return malloc (1);\n}\n", "belongs to base"),
    ("banned", "goto", SERVICE, "void f(void) {\n    goto end;\nend:\n    return;\n}\n", "goto"),
    ("banned", "no forced include", "meson.build", "project('x', 'c')\n", "in front of every file"),
    ("faults", "a function in no sweep", SWEEP, "void t(void) {\n    OK_(a_do(w.ctx, 1)); /* READS(&w, x, a_do(1)) */\n}\n", "a.h:3: a_do may touch"),
    ("faults", "one that stores since", ACTS, GOOD[ACTS].replace("return OK", "TRY(twice(ctx));\n    return OK"), "a_name may touch"),
    ("faults", "a job's handler in no sweep", SERVICE, "static Err run(Ctx *ctx, const Job *job) {\n    return f(ctx);\n}\nconst JobKind kinds[] = {\n    { \"x\", 1, run, NULL, 0 },\n};\n", "kinds[0].handler may touch"),
    ("faults", "a hook in no sweep", SERVICE, "static Err may(Ctx *ctx, int cap) {\n    return f(ctx);\n}\nconst HttpHooks hooks = { .may = may };\n", "hooks.may may touch"),
    ("templates", "an unquoted attribute", TEMPLATE, "<p class={{x}}>", "without quotes"),
    ("templates", "an unquoted word", TEMPLATE, "<p class=x>", "without quotes"),
    ("templates", "an inline script", TEMPLATE, "<script>\nalert(1)</script>", "inline script"),
    ("templates", "a script of another type", TEMPLATE, "<script type=\"module\">1</script>", "inline script"),
    ("templates", "an event attribute", TEMPLATE, "<p {{#x}}{{/x}} onclick=\"x()\">", "event attribute"),
    ("templates", "an htmx event", TEMPLATE, "<p hx-on:click=\"x()\">", "event attribute"),
    ("templates", "an inline style", TEMPLATE, "<p style=\"color:red\">", "inline style"),
    ("templates", "a style element", TEMPLATE, "<style>p{}</style>", "style element"),
    ("templates", "an address that runs", TEMPLATE, "<a href=\"javascript:x()\">y</a>", "runs a script"),
    ("templates", "a script from elsewhere", TEMPLATE, "<script src=\"https://cdn.example/a.js\"></script>", "leads elsewhere"),
    ("templates", "a raw value", TEMPLATE, "<p>{{{title}}}</p>", "printed raw"),
    ("templates", "a raw value, the other way", TEMPLATE, "<p>{{&title}}</p>", "printed raw"),
    ("templates", "an open section", TEMPLATE, "{{#x}}<p>", "is not ended"),
    ("templates", "another one closed", TEMPLATE, "{{#x}}{{/y}}", "is not open"),
]


def run(root, checker, files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, str(root / f"tools/check_{checker}.py"), folder], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


def main(root):
    faults = []
    for checker in sorted({row[0] for row in BAD}):
        status, said = run(root, checker, GOOD)
        if status != 0:
            faults.append(f"check_{checker}: refuses what is well: {said}")
    for checker, what, name, text, word in BAD:
        status, said = run(root, checker, {**GOOD, name: text})
        if status != 1 or word not in said:
            faults.append(f"check_{checker}: {what}: status {status}: {said}")
    for fault in faults:
        print(fault)
    print(f"checkers: {len(BAD)} cases, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
