#!/usr/bin/env python3
"""What no template may hold, read apart from the program's own engine (docs/developers.md, Templates).

  check_templates.py ROOT
Unquoted attributes, inline scripts and styles, on...= and other attributes that run programs, addresses that do,
raw values under names that are not of the sanitizer's making, and tags that do not pair. The keys of the models are
checked by the program itself: liandong template check.
"""
import pathlib
import re
import sys

# {{{name}}} takes what the sanitizer or our own printer made; the names under which models hold it.
RAW_NAMES = {"body", "html", "preview"}
MUSTACHE = re.compile(r"\{\{\{.*?\}\}\}|\{\{.*?\}\}", re.S)
TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)((?:\"[^\"]*\"|'[^']*'|[^'\">])*)>", re.S)
ATTRIBUTE = re.compile(r"([^\s\"'>/=]+)(\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]*))?", re.S)
REFUSED = {"style": "inline style", "srcdoc": "a document in an attribute", "http-equiv": "http-equiv", "hx-vals": "hx-vals",
           "hx-headers": "hx-headers", "hx-vars": "hx-vars"}
ADDRESSES = {"href", "src", "action", "formaction", "poster", "cite", "data", "ping", "manifest", "hx-get", "hx-post", "hx-put",
             "hx-patch", "hx-delete", "xlink:href"}


def blank(found):
    """Nothing of Mustache is left but its length and lines, and a letter where a value stands."""
    text = found.group()
    is_silent = text[2] in "#^/!=>"
    return "".join("\n" if c == "\n" else " " if is_silent else "x" for c in text)


def attribute_faults(tag, rest):
    for name, given, value in ATTRIBUTE.findall(rest):
        lower = name.lower()
        if lower.startswith("on") or lower.startswith("hx-on"):
            yield f"the event attribute {name}"
        if lower in REFUSED:
            yield REFUSED[lower]
        if given and not value.startswith(('"', "'")):
            yield f"{name} without quotes"
        if given and re.match(r"\s|=\s", given):
            yield f"blanks around the = of {name}"
        inside = value.strip("\"'").strip().lower()
        if lower in ADDRESSES and re.match(r"(javascript|vbscript|data)\s*:", inside):
            yield f"{name} runs a script"
        if lower in ("src", "action") and tag in ("script", "form", "iframe") and re.match(r"(https?:)?//", inside):
            yield f"{name} of {tag} leads elsewhere"


def script_fault(html, at, rest):
    end = html.lower().find("</script", at)
    inside = html[at:end if end >= 0 else len(html)].strip()
    is_data = re.search(r"type\s*=\s*[\"']application/(ld\+)?json[\"']", rest)
    return "an inline script" if inside and not is_data else None


def faults_of(name, text):
    faults, html = [], MUSTACHE.sub(blank, re.sub(r"\{\{![^}]*\}\}", lambda m: " " * len(m.group()), text))
    html = re.sub(r"<!--.*?-->", lambda m: re.sub(r"[^\n]", " ", m.group()), html, flags=re.S)
    say = lambda at, what: faults.append(f"{name}:{html.count(chr(10), 0, at) + 1}: {what}")
    for found in TAG.finditer(html):
        closing, tag, rest = found.group(1), found.group(2).lower(), found.group(3)
        if tag == "style":
            say(found.start(), "a style element")
        if closing:
            continue
        for what in attribute_faults(tag, rest):
            say(found.start(), what)
        if tag == "script" and script_fault(html, found.end(), rest):
            say(found.start(), "an inline script")
        if tag in ("base", "object", "embed", "iframe", "frame"):
            say(found.start(), f"the element {tag}")
    for found in re.finditer(r"\{\{\{\s*(.*?)\s*\}\}\}|\{\{&\s*(.*?)\s*\}\}", text, re.S):
        raw = found.group(1) or found.group(2)
        if raw.split(".")[-1] not in RAW_NAMES:
            say(found.start(), f"{raw} is printed raw")
    stack = []
    for found in re.finditer(r"\{\{\s*([#^/])\s*(.*?)\s*\}\}", text, re.S):
        kind, section = found.group(1), found.group(2)
        if kind != "/":
            stack.append(section.split()[0] if section.startswith("tn ") else section)
        elif not stack or stack.pop() != section:
            say(found.start(), f"{section} ends where it is not open")
    if stack:
        faults.append(f"{name}: {stack[-1]} is not ended")
    return faults


def main(root):
    files = sorted((root / "src").rglob("*.mustache"))
    faults = [fault for path in files for fault in faults_of(str(path.relative_to(root)), path.read_text(encoding="utf-8"))]
    for fault in faults:
        print(fault)
    print(f"templates: {len(files)} files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
