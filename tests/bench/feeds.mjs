// tests/bench/feeds.mjs - `feed parse` beside Debian's python3-feedparser, whole processes over the same live feeds.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { program, shared } from '../lib/server.mjs';

const python = '/usr/bin/python3'; // Debian's, which has the package
// As much as our side does: read, parse, clean, print all of it as JSON.
const script = 'import sys, json, feedparser\nfor path in sys.argv[1:]:\n'
    + '    print(json.dumps(feedparser.parse(open(path, "rb").read()), default=str))\n';
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

const filesOf = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((item) =>
    item.isDirectory() ? filesOf(join(folder, item.name)) : [join(folder, item.name)]);

/** Seconds of processor time of a whole process. */
function cpu(call) {
    const timed = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1', 'bash', ...call]);
    const [user, system] = timed.stderr.toString().trim().split('\n').at(-1).split(' ').map(Number);
    return user + system;
}

export function feeds(say, rounds) {
    const folder = join(shared, 'corpora/conformance/realworld-feeds');
    if (!existsSync(folder) || spawnSync(python, ['-c', 'import feedparser']).status !== 0) {
        say('feeds', 'not measured: the feeds or python3-feedparser are not here');
        return;
    }
    const files = filesOf(folder).filter((path) => spawnSync(program, ['feed', 'parse', path], { stdio: 'ignore' }).status === 0);
    const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
    const few = files.filter((_, i) => i % Math.ceil(files.length / 20) === 0);
    const times = { ours: [], theirs: [], oursAlone: [], theirsAlone: [] };
    const alone = (call) => few.reduce((sum, path) => sum + cpu([...call, path]), 0) / few.length;
    for (let round = 0; round < rounds; round++) {
        times.ours.push(cpu([program, 'feed', 'parse', ...files]));
        times.theirs.push(cpu([python, '-c', script, ...files]));
        times.oursAlone.push(alone([program, 'feed', 'parse']));
        times.theirsAlone.push(alone([python, '-c', script]));
    }
    const ms = (list) => median(list) * 1000, line = (ours, theirs) =>
        `${ms(ours).toFixed(0)} ms and ${ms(theirs).toFixed(0)} ms of processor time, ${(ms(theirs) / ms(ours)).toFixed(1)} times`;
    say(`${files.length} live feeds of ${(bytes / 1048576).toFixed(1)} MiB in one process, liandong and feedparser`, line(times.ours, times.theirs));
    say('one feed in a process of its own, liandong and feedparser', line(times.oursAlone, times.theirsAlone));
}

if (process.argv[1]?.endsWith('bench/feeds.mjs'))
    feeds((what, value) => console.log(`${what}: ${value}`), Number(process.env.LIANDONG_ROUNDS ?? 5));
