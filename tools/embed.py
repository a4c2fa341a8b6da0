#!/usr/bin/env python3
"""Turns files into one C file, so that the program carries them inside itself.

  embed.py --symbol NAME --kind files [--base DIR] OUTPUT FILE...
      const Embedded NAME[] = { { name, bytes, length }, ... };  const size_t NAME_count
      (base/embed.h). The name is the path below --base, or the file's own name.

  embed.py --symbol NAME --kind migrations [--room ROOM] [--rank N] OUTPUT FILE...
      const Migration NAME[], sorted by room and number, and const size_t NAME_count (db/migrate.h).
      The number is the leading digits of NNNN_name.sql; the room is the folder above migrations/
      unless --room names it; the rank is --rank, else 0.

The arrays are sorted, so that the same files give the same C file on every machine. A migration without
its first line "-- store: ... file: ...", with a number twice or a NUL inside, stops the build.
"""
import argparse
import os
import re
import sys

FIRST_LINE = re.compile(r'^-- store: (named|voice|self|system)  file: (record|derived)\r?$')


def die(message):
    sys.exit('embed.py: ' + message)


def read(path):
    try:
        with open(path, 'rb') as file:
            return file.read()
    except OSError as error:
        die(f'{path}: {error.strerror}')


def c_bytes(data, is_signed=False):
    """The bytes and one NUL behind them (not counted), 20 a line; as numbers that fit a plain char."""
    numbers = [str(byte - 256 if is_signed and byte > 127 else byte) for byte in data] + ['0']
    lines = (','.join(numbers[i:i + 20]) for i in range(0, len(numbers), 20))
    return ',\n'.join(lines)


def c_string(text):
    """A C string literal: printable ASCII as it is, all else octal."""
    return '"' + ''.join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f'\\{b:03o}'
                         for b in text.encode()) + '"'


def write_files(out, symbol, base, paths):
    items = []
    for path in paths:
        name = os.path.relpath(path, base) if base else os.path.basename(path)
        items.append((name.replace(os.sep, '/'), read(path)))
    items.sort()
    names = [name for name, _ in items]
    if len(set(names)) != len(names):
        die('two files have the same name; give --base')
    out.append('#include "base/embed.h"\n')
    for i, (name, data) in enumerate(items):
        out.append(f'static const unsigned char bytes_{i}[] = {{ /* {name} */\n{c_bytes(data)} }};')
    out.append(f'\nextern const Embedded {symbol}[];\nextern const size_t {symbol}_count;')
    out.append(f'const Embedded {symbol}[] = {{')
    for i, (name, data) in enumerate(items):
        out.append(f'    {{ {c_string(name)}, bytes_{i}, {len(data)} }},')
    out.append(f'    {{ NULL, NULL, 0 }} /* the end */\n}};\nconst size_t {symbol}_count = {len(items)};')


def write_migrations(out, symbol, room, rank, paths):
    items = {}
    for path in paths:
        number = re.match(r'^(\d+)_[a-z0-9_]+\.sql$', os.path.basename(path))
        if not number:
            die(f'{path}: a migration is called NNNN_name.sql')
        owner = room or os.path.basename(os.path.dirname(os.path.dirname(os.path.abspath(path))))
        data = read(path)
        if b'\0' in data:
            die(f'{path}: holds a NUL')
        if not FIRST_LINE.match(data.decode().split('\n', 1)[0]):
            die(f'{path}: the first line must be "-- store: named|voice|self|system  file: record|derived"')
        key = (owner, int(number.group(1)))
        if key in items:
            die(f'{path}: number {key[1]} of {owner} is there twice')
        items[key] = data
    keys = sorted(items)
    out.append('#include "db/migrate.h"\n')
    for i, (owner, number) in enumerate(keys):
        out.append(f'static const char sql_{i}[] = {{ /* {owner}/{number} */\n{c_bytes(items[keys[i]], True)} }};')
    out.append(f'\nextern const Migration {symbol}[];\nextern const size_t {symbol}_count;')
    out.append(f'const Migration {symbol}[] = {{')
    for i, (owner, number) in enumerate(keys):
        out.append(f'    {{ {c_string(owner)}, {rank}, {number}, sql_{i} }},')
    out.append(f'    {{ NULL, 0, 0, NULL }} /* the end */\n}};\nconst size_t {symbol}_count = {len(keys)};')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('--symbol', required=True)
    parser.add_argument('--kind', required=True, choices=('files', 'migrations'))
    parser.add_argument('--base', default='')
    parser.add_argument('--room', default='')
    parser.add_argument('--rank', type=int, default=0)
    parser.add_argument('output')
    parser.add_argument('files', nargs='*')
    args = parser.parse_args()
    if not re.match(r'^[a-z][a-z0-9_]*$', args.symbol):
        die(f'{args.symbol}: not a name in snake_case')

    out = ['/* Made by tools/embed.py; edit the files it was made from. */']
    if args.kind == 'files':
        write_files(out, args.symbol, args.base, args.files)
    else:
        write_migrations(out, args.symbol, args.room, args.rank, args.files)
    with open(args.output, 'w', encoding='ascii') as file:
        file.write('\n'.join(out) + '\n')


if __name__ == '__main__':
    main()
