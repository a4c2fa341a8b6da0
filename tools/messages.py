#!/usr/bin/env python3
"""Sentences for people: gathered from C and templates, checked against po/, compiled to a table.

  messages.py pot OUT ROOT                gathers N_("...") and {{#t}}...{{/t}} into a .pot file
  messages.py check ROOT                  every sentence has a zh_CN and an en entry with its placeholders
  messages.py fill ROOT [MORE.po]         adds en entries (and zh_CN ones that MORE.po holds), drops unused ones,
                                          sorts, lists what zh_CN lacks
  messages.py compile LANG PO OUT SYMBOL  a C table sorted by msgid
"""
import gettext
import pathlib
import re
import subprocess
import sys
import tempfile

T_SECTION = re.compile(r"\{\{#t\}\}(.*?)\{\{/t\}\}", re.S)
TN_SECTION = re.compile(r"\{\{#tn [^}]+\}\}(.*?)\|(.*?)\{\{/tn\}\}", re.S)
PLACEHOLDER = re.compile(r"\{[A-Za-z0-9_.]+\}")


def folded(text):
    return " ".join(text.split())


def po_quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def template_messages(root):
    found = {}
    for path in sorted(root.glob("src/**/*.mustache")):
        text = path.read_text(encoding="utf-8")
        for match in T_SECTION.finditer(text):
            found.setdefault(folded(match.group(1)), path)
        for match in TN_SECTION.finditer(text):
            found.setdefault(folded(match.group(1)), path)
            found.setdefault(folded(match.group(2)), path)
    return found


def c_messages(root):
    sources = [str(p) for p in sorted(root.glob("src/**/*.[ch]")) if not p.name.endswith("_test.c")]
    with tempfile.TemporaryDirectory() as folder:
        pot = pathlib.Path(folder) / "c.pot"
        subprocess.run(["xgettext", "--language=C", "--from-code=UTF-8", "--keyword=N_",
                        "--no-location", "--output", str(pot)] + sources, check=True)
        if not pot.exists():
            return {}
        mo = subprocess.run(["msgen", str(pot), "-o", "-"], check=True, capture_output=True).stdout
        return {msgid: "C" for msgid in catalogue_of_text(mo)}


def catalogue_of_text(po_bytes):
    with tempfile.TemporaryDirectory() as folder:
        po, mo = pathlib.Path(folder) / "x.po", pathlib.Path(folder) / "x.mo"
        text = po_bytes.decode("utf-8").replace("charset=CHARSET", "charset=UTF-8")
        po.write_text(text, encoding="utf-8")
        subprocess.run(["msgfmt", str(po), "-o", str(mo)], check=True)
        with open(mo, "rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog
    return {k: v for k, v in catalogue.items() if k}


def catalogue(path):
    return catalogue_of_text(path.read_bytes())


def gather(root):
    found = c_messages(root)
    for msgid, path in template_messages(root).items():
        found.setdefault(msgid, str(path.relative_to(root)))
    return found


def write_pot(out, root):
    lines = ['msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=UTF-8\\n"', ""]
    for msgid in sorted(gather(root)):
        lines += ["msgid " + po_quote(msgid), 'msgstr ""', ""]
    pathlib.Path(out).write_text("\n".join(lines), encoding="utf-8")


def po_header(lang):
    return ('msgid ""\nmsgstr ""\n'
            f'"Language: {lang}\\n"\n'
            '"MIME-Version: 1.0\\n"\n'
            '"Content-Type: text/plain; charset=UTF-8\\n"\n'
            '"Content-Transfer-Encoding: 8bit\\n"\n')


def write_po(path, lang, entries):
    lines = [po_header(lang)]
    for msgid in sorted(entries):
        lines += ["msgid " + po_quote(msgid), "msgstr " + po_quote(entries[msgid]), ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def fill(root, more):
    wanted = gather(root)
    for lang in ("zh_CN", "en"):
        path = root / "po" / (lang + ".po")
        have = catalogue(path)
        known = {**(catalogue(more) if more and lang == "zh_CN" else {}), **have}
        texts = {msgid: known[msgid] for msgid in wanted if msgid in known}
        if lang == "en":
            texts = {msgid: have.get(msgid, msgid) for msgid in wanted}
        for msgid in sorted(set(wanted) - set(texts)):
            print(f"po/{lang}.po: missing ({wanted[msgid]}): {msgid}")
        dropped, added = len(set(have) - set(wanted)), len(set(texts) - set(have))
        write_po(path, lang, texts)
        print(f"po/{lang}.po: {len(texts)} of {len(wanted)}, {added} added, {dropped} dropped")
    return 0


def check(root):
    wanted, faults = gather(root), []
    for lang in ("zh_CN", "en"):
        have = catalogue(root / "po" / (lang + ".po"))
        for msgid, place in sorted(wanted.items()):
            if msgid not in have:
                faults.append(f"po/{lang}.po: missing ({place}): {msgid}")
            elif sorted(PLACEHOLDER.findall(msgid)) != sorted(PLACEHOLDER.findall(have[msgid])):
                faults.append(f"po/{lang}.po: placeholders differ: {msgid}")
            elif re.search(r"<[a-z/]", have[msgid]) and not re.search(r"<[a-z/]", msgid):
                faults.append(f"po/{lang}.po: markup in a translation: {msgid}")
        for msgid in sorted(set(have) - set(wanted)):
            faults.append(f"po/{lang}.po: no longer used: {msgid}")
    for fault in faults:
        print(fault)
    print(f"messages: {len(wanted)} sentences, {len(faults)} faults")
    return 1 if faults else 0


def c_quote(text):
    out = []
    for byte in text.encode("utf-8"):
        if byte == 0x22 or byte == 0x5C:
            out.append("\\" + chr(byte))
        elif byte == 0x0A:
            out.append("\\n")
        elif 0x20 <= byte < 0x7F and byte != 0x3F:
            out.append(chr(byte))
        else:
            out.append("\\%03o" % byte)
    return '"' + "".join(out) + '"'


def compile_table(lang, po, out, symbol):
    have = catalogue(pathlib.Path(po))
    lines = ['#include "view/messages.h"', "", f"const MessagePair {symbol}[] = {{"]
    lines += [f"    {{ {c_quote(k)}, {c_quote(v)} }}," for k, v in sorted(have.items())]
    lines += ["    { 0 },", "};", f"const size_t {symbol}_count = {len(have)};", ""]
    pathlib.Path(out).write_text("\n".join(lines), encoding="utf-8")


def main(args):
    if len(args) == 3 and args[0] == "pot":
        write_pot(args[1], pathlib.Path(args[2]))
    elif len(args) == 2 and args[0] == "check":
        return check(pathlib.Path(args[1]))
    elif len(args) in (2, 3) and args[0] == "fill":
        return fill(pathlib.Path(args[1]), pathlib.Path(args[2]) if len(args) == 3 else None)
    elif len(args) == 5 and args[0] == "compile":
        compile_table(*args[1:])
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
