// tests/plumbing/lib.mjs - runs the built program's plumbing and judges what holds for every command.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { program, shared } from '../lib/server.mjs';

export const suites = join(shared, 'corpora/conformance');
export const isFull = process.env.LIANDONG_MODE === 'full';
/** A program with sanitizers is slower: LIANDONG_SLOW says how many times. */
export const slowness = Number(process.env.LIANDONG_SLOW ?? (/asan/.test(program) ? 12 : 1));
const parallel = 3;

const environment = { ...process.env, LC_ALL: 'C.UTF-8',
    ASAN_OPTIONS: 'exitcode=99:detect_leaks=1', UBSAN_OPTIONS: 'halt_on_error=1:exitcode=99:print_stacktrace=1' };
delete environment.LIANDONG_DATA;

/**
 * Runs `liandong words…` with input on standard input: { status, out, err, ms }, out and err as bytes; status is a
 * signal's name when one ended it. With cpuSeconds it gets no more processor time than that (SIGXCPU): other work on
 * the machine spends none of it, as it would of the time on the clock.
 */
export function run(words, input = '', { cpuSeconds } = {}) {
    return new Promise((done, fail) => {
        const start = process.hrtime.bigint();
        const call = cpuSeconds ? ['prlimit', `--cpu=${cpuSeconds}:${cpuSeconds + 2}`, program, ...words] : [program, ...words];
        const child = spawn(call[0], call.slice(1), { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
        const out = [], err = [];
        const watch = setTimeout(() => child.kill('SIGKILL'), 300_000);
        child.stdout.on('data', (part) => out.push(part));
        child.stderr.on('data', (part) => err.push(part));
        child.stdin.on('error', () => {}); // a program that needs no input may end before it was written
        child.on('error', fail);
        child.on('close', (status, signal) => {
            clearTimeout(watch);
            done({ status: status ?? signal, out: Buffer.concat(out), err: Buffer.concat(err),
                ms: Number(process.hrtime.bigint() - start) / 1e6 });
        });
        child.stdin.end(input);
    });
}

/** What is wrong with an answer whatever the command was (Formats, Bytes), or null. */
export function protocolFault({ status, out, err }) {
    if (![0, 1, 2, 3].includes(status)) return `status ${status}: ${err.toString().slice(0, 300)}`;
    const lines = err.toString().split('\n');
    if (status <= 1) return err.length ? `status ${status} with a message: ${err.toString().slice(0, 200)}` : null;
    if (out.length) return `status ${status} with ${out.length} bytes on standard output`;
    return lines.length === 2 && lines[1] === '' && lines[0] !== '' ? null : `status ${status} and ${lines.length - 1} lines`;
}

/** One suite: its counts, and the line that says them. */
export class Suite {
    constructor(name, expected) {
        Object.assign(this, { name, expected, passed: 0, failed: 0, skipped: 0, reasons: new Map() });
    }
    check(what, is, detail = '') {
        if (is) {
            this.passed++;
            return true;
        }
        this.failed++;
        if (this.failed <= 20) console.log(`FAILED ${this.name}: ${what} ${String(detail).slice(0, 500)}`);
        return false;
    }
    skip(why, count = 1) {
        this.skipped += count;
        this.reasons.set(why, (this.reasons.get(why) ?? 0) + count);
    }
    /** Runs a command and fails at once when its answer has a fault of form. Null then. */
    async run(what, words, input) {
        const answer = await run(words, input);
        const fault = protocolFault(answer);
        if (fault) this.check(what, false, fault);
        return fault ? null : answer;
    }
    end() {
        const count = this.passed + this.failed + this.skipped;
        if (count < this.expected) this.check('all cases ran', false, `${count} of ${this.expected}`);
        for (const [why, count] of this.reasons) console.log(`${this.name}, ${count} skipped: ${why}`);
        console.log(`${this.name}: ${this.passed} cases passed, ${this.failed} failed, ${this.skipped} skipped`);
        return this.failed === 0;
    }
}

/** judge(item, index) for all items, a few at a time. */
export async function each(items, judge) {
    let next = 0;
    const worker = async () => {
        while (next < items.length) {
            const at = next++;
            await judge(items[at], at);
        }
    };
    await Promise.all(Array.from({ length: parallel }, worker));
}

export const readJson = (...path) => JSON.parse(readFileSync(join(suites, ...path), 'utf8'));
export const readLines = (...path) => readFileSync(join(suites, ...path), 'utf8').split('\n').filter((line) => line !== '');

export function filesOf(folder, ending = '') {
    return readdirSync(folder, { withFileTypes: true }).flatMap((item) =>
        item.isDirectory() ? filesOf(join(folder, item.name), ending)
            : item.name.endsWith(ending) ? [join(folder, item.name)] : []).sort();
}

/** A folder of our own with named files, for commands that take files; removed at the end. */
export class Scratch {
    constructor() { this.folder = mkdtempSync(join(tmpdir(), 'liandong-plumbing-')); }
    file(name, text) {
        const path = join(this.folder, name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
        return path;
    }
    remove() { rmSync(this.folder, { recursive: true, force: true }); }
}
