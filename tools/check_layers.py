#!/usr/bin/env python3
"""Who may include whom: reads every #include of src/ and fails on a breach (docs/developers.md, Layers).

  check_layers.py ROOT
"""
import pathlib
import re
import sys

LAYERS = [["base"], ["conf", "text", "sec"], ["db", "view", "net", "pack", "image", "print"],
          ["http", "queue", "ledger"], ["features"], ["app"]]
LAYER_OF = {room: i for i, rooms in enumerate(LAYERS) for room in rooms}

# A third-party header is included in one room only.
THIRD_PARTY = {
    "sqlite3.h": "db", "sqlite3ext.h": "db", "libpq-fe.h": "db", "microhttpd.h": "http", "sodium.h": "sec",
    "openssl/": "sec", "libxml/": "text", "md4c.h": "text", "md4c-html.h": "text", "jansson.h": "text",
    "unicode/": "text", "iconv.h": "text", "curl/": "net", "zlib.h": "pack", "brotli/": "pack",
    "vips/": "image", "qrencode.h": "view",
}
# R14: no rule list is applied to readers, so nobody else reads the proofreader.
PROOFREADER = "text/proof"
MAY_PROOFREAD = ("text/proof", "features/proof/", "app/plumb_proof.c")
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)


def ranks(root):
    text = (root / "src/features/meson.build").read_text()
    return {name: int(rank) for name, rank in re.findall(r"\['(\w+)', (\d+)\]", text)}


def deps(root, feature):
    path = root / "src/features" / feature / "meson.build"
    match = re.search(r"feature_deps = \[([^\]]*)\]", path.read_text()) if path.exists() else None
    return set(re.findall(r"'(\w+)'", match.group(1))) if match else set()


def room_of(path):
    parts = path.split("/")
    return parts[0] if len(parts) > 1 else None


def is_test(source):
    name = source.split("/")[-1]
    return re.search(r"_test[._]", name) is not None or name.startswith("test_")


def check_ours(root, source, target, rank, allowed):
    """A fault, or None."""
    if target.startswith(PROOFREADER) and not source.startswith(MAY_PROOFREAD):
        return "the proofreader is for drafts of the desk (R14)"
    if not (root / "src" / target).exists():
        is_made_by_build = target == "app/build_info.h" or target.endswith(".inc")
        return None if is_made_by_build else "no such file"
    a, b = room_of(source), room_of(target)
    if is_test(source):
        return None if b in ("text", "testing", "base", "conf", a) or LAYER_OF[b] <= LAYER_OF[a] else "too high for a test"
    if a == b and a != "features" or a in ("app", "testing"):
        return None
    if b in ("app", "testing"):
        return f"{b} may not be included"
    if a not in LAYER_OF or b not in LAYER_OF:
        return "unknown room"
    if a != "features" or b != "features":
        return None if LAYER_OF[b] < LAYER_OF[a] else f"{a} may not know {b}"
    mine, other = source.split("/")[1], target.split("/")[1]
    if mine == other:
        return None
    if rank[other] >= rank[mine]:
        return f"{mine} (rank {rank[mine]}) may not read {other} (rank {rank[other]})"
    if other not in allowed[mine]:
        return f"{other} is not among the deps of {mine}"
    public = {f"features/{other}/{other}.h", f"features/{other}/cap.h"}
    return None if target in public else f"{target} is private to {other}"


def check_file(root, path, rank, allowed):
    source = str(path.relative_to(root / "src"))
    room, faults = room_of(source), []
    for kind, target in INCLUDE.findall(path.read_text(encoding="utf-8")):
        if kind == '"':
            fault = check_ours(root, source, target, rank, allowed)
            if fault:
                faults.append(f"src/{source}: includes {target}: {fault}")
            continue
        for prefix, owner in THIRD_PARTY.items():
            is_it = target.startswith(prefix) if prefix.endswith("/") else target == prefix
            if is_it and room != owner and not is_test(source):
                faults.append(f"src/{source}: includes <{target}>, which belongs to {owner}/ alone")
    return faults


def main(root):
    rank = ranks(root)
    allowed = {feature: deps(root, feature) for feature in rank}
    files = sorted((root / "src").rglob("*.[ch]"))
    faults = [fault for path in files for fault in check_file(root, path, rank, allowed)]
    for fault in faults:
        print(fault)
    print(f"layers: {len(files)} files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
