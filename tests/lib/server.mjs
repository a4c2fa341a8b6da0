// tests/lib/server.mjs - the real program under test: its folder, its database, its people.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const program = process.env.LIANDONG_PROGRAM ?? join(root, 'build/liandong');
export const shared = process.env.LIANDONG_SHARED ?? resolve(root, '../shared');

let databases = 0;

/** A fresh database in the cluster of tools/with_pg.sh, as db.url wants it; null on SQLite. */
function freshDatabase(driver) {
    if (driver !== 'postgres') return null;
    const cluster = process.env.LIANDONG_TEST_PG;
    if (!cluster) throw new Error('run this under tools/with_pg.sh');
    const name = `t${process.pid}_${++databases}`;
    execFileSync('psql', ['-q', cluster, '-c',
        `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`]);
    const part = (word) => new RegExp(`${word}=(\\S+)`).exec(cluster)[1];
    return `postgres://${part('user')}@/${name}?host=${encodeURIComponent(part('host'))}`;
}

/** A program built with them ends with 99 at the first fault, or when it leaked. */
const sanitizers = { ASAN_OPTIONS: 'exitcode=99:detect_leaks=1', UBSAN_OPTIONS: 'halt_on_error=1:exitcode=99:print_stacktrace=1' };

/** One alliance: a folder with its database, made by `liandong demo` or `liandong init`. */
export class Alliance {
    constructor(driver, { settings = {} } = {}) {
        this.driver = driver;
        this.folder = mkdtempSync(join(tmpdir(), 'liandong-test-'));
        this.data = join(this.folder, 'data');
        this.url = freshDatabase(driver);
        this.settings = settings;
    }

    /** Another node on the same database: a folder of its own with the same keys and settings. PostgreSQL only. */
    static beside(other) {
        const node = Object.create(Alliance.prototype);
        const folder = mkdtempSync(join(tmpdir(), 'liandong-test-'));
        Object.assign(node, { driver: other.driver, folder, data: join(folder, 'data'), url: other.url, settings: other.settings });
        cpSync(other.data, node.data, { recursive: true, filter: (path) => !/\.(lock|sock|socket)$/.test(path) });
        return node;
    }

    get environment() {
        const env = { ...process.env, ...sanitizers, LIANDONG_DATA: this.data, LC_ALL: 'C.UTF-8' };
        if (this.url) env.LIANDONG_DB_URL = this.url;
        for (const [name, value] of Object.entries(this.settings))
            env['LIANDONG_' + name.replaceAll('.', '_').toUpperCase()] = String(value);
        return env;
    }

    /** Runs a command to its end: { status, out, err }. */
    run(words, { input, env = {} } = {}) {
        try {
            const out = execFileSync(program, words, {
                input, env: { ...this.environment, ...env }, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] });
            return { status: 0, out: out.toString(), err: '' };
        } catch (error) {
            if (error.status === null || error.status === undefined) throw error;
            return { status: error.status, out: error.stdout.toString(), err: error.stderr.toString() };
        }
    }

    /** The same, again while it says so: beside a server on PostgreSQL a command may meet another's transaction (4, nothing stored). */
    runPatiently(words, options) {
        let done;
        for (let tries = 0; tries < 5 && (!done || done.status === 4); tries++) done = this.run(words, options);
        return done;
    }

    /** Starts `serve` (or `demo`) and waits until it answers. */
    async start(command = 'serve') {
        const words = [command, '--data', this.data, '--listen', '127.0.0.1:0'];
        this.log = '';
        this.exit = undefined;
        this.child = spawn(program, words, { env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
        this.ended = new Promise((done) => this.child.on('exit', (code, signal) => {
            this.exit = { code, signal };
            done(this.exit);
        }));
        this.port = await new Promise((done, fail) => {
            const look = (chunk) => {
                this.log += chunk;
                const port = /127\.0\.0\.1:(\d+)\/|port (\d+)/.exec(this.log);
                if (port) done(Number(port[1] ?? port[2]));
            };
            this.child.stdout.on('data', look);
            this.child.stderr.on('data', look);
            this.ended.then((exit) => fail(new Error(`${command} ended (${JSON.stringify(exit)}): ${this.log}`)));
        });
        this.origin = `http://127.0.0.1:${this.port}`;
        for (let i = 0; ; i++) {
            const answer = await fetch(this.origin + '/readyz').catch(() => null);
            if (answer?.status === 200) return this;
            if (i > 200) throw new Error('not ready: ' + this.log);
            await new Promise((done) => setTimeout(done, 25));
        }
    }

    get password() { return readFileSync(join(this.data, 'demo-password'), 'utf8').trim(); }

    /** Ends the server in good order; what it leaks, or a sanitizer found on the way, is an error here. */
    async stop() {
        if (!this.child) return undefined;
        if (!this.exit) this.child.kill('SIGTERM');
        const exit = await this.ended;
        this.child = undefined;
        if (exit.code !== 0) throw new Error(`the server ended with ${JSON.stringify(exit)}: ${this.log.slice(-4000)}`);
        return exit;
    }

    async kill() {
        this.child.kill('SIGKILL');
        await this.ended;
        this.child = undefined;
    }

    /** A statement past the program, for what no page shows and no clock waits for; rows as lines, columns as "|". */
    sql(text) {
        return (this.url ? execFileSync('psql', ['-q', '-A', '-t', this.url, '-c', text])
            : execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(this.data, 'record.db'), text])).toString().trim();
    }

    async remove() {
        await this.stop();
        if (existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true });
    }
}

/** One client: a browser without scripts, or a program; keeps its cookie and the token of its forms. */
export class Client {
    constructor(alliance, { lang = 'en' } = {}) {
        this.alliance = alliance;
        this.lang = lang;
        this.cookie = '';
        this.csrf = '';
    }

    async request(method, path, { headers = {}, body, json = false } = {}) {
        const all = { 'Accept-Language': this.lang, Accept: json ? 'application/json' : 'text/html', ...headers };
        if (this.cookie) all.Cookie = this.cookie;
        const answer = await fetch(this.alliance.origin + path, { method, headers: all, body, redirect: 'manual' });
        for (const line of cookiesOf(answer.headers)) {
            const [pair] = line.split(';');
            this.cookie = pair.endsWith('=') ? '' : pair;
        }
        const text = await answer.text();
        const found = /name="csrf" value="([^"]+)"/.exec(text);
        if (found) this.csrf = found[1];
        let value = null;
        if (text && (answer.headers.get('content-type') ?? '').includes('json')) value = JSON.parse(text);
        return { status: answer.status, headers: answer.headers, text, json: value,
            location: answer.headers.get('location'), cost: costOf(answer.headers) };
    }

    get(path, options) { return this.request('GET', path, options); }

    /** A form as a browser sends it; `json` asks for the answer a program gets. */
    post(path, fields, { json = false, headers = {} } = {}) {
        const form = new URLSearchParams();
        for (const [name, value] of Object.entries({ csrf: this.csrf, ...fields }))
            for (const one of Array.isArray(value) ? value : [value]) form.append(name, one);
        return this.request('POST', path, { json, body: form.toString(),
            headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: this.alliance.origin, ...headers } });
    }

    async signIn(login, password = this.alliance.password) {
        await this.get('/signin');
        const answer = await this.post('/signin', { login, password });
        if (answer.status !== 303) throw new Error(`sign-in of ${login}: ${answer.status} ${answer.text.slice(0, 400)}`);
        await this.get('/desk');
        return this;
    }
}

/** The Set-Cookie lines; Debian's node knows no getSetCookie, and this server sets one cookie at a time. */
function cookiesOf(headers) {
    const one = headers.get('set-cookie');
    return headers.getSetCookie?.() ?? (one ? [one] : []);
}

/** SQL statements and arena bytes of an answer (http.show_cost). */
export function costOf(headers) {
    const timing = headers.get('server-timing') ?? '';
    const number = (name) => Number(new RegExp(`${name};desc="?(\\d+)`).exec(timing)?.[1] ?? NaN);
    return { sql: number('sql'), arena: number('arena') };
}

/** What clocks in Shanghai show so many ms from now, as a form sends it; never a whole minute, which browsers shorten. */
export function wallTime(ms) {
    const at = new Date(Date.now() + ms + 8 * 3600e3);
    if (at.getUTCSeconds() === 0) at.setUTCSeconds(1);
    return at.toISOString().slice(0, 19);
}

/** A small runner: named checks, a count, an exit status. */
export class Report {
    constructor(name) { this.name = name; this.passed = 0; this.failures = []; }
    check(what, is, detail = '') {
        if (is) { this.passed++; return; }
        this.failures.push(`${what} ${detail}`);
        console.log(`FAILED ${what} ${String(detail).slice(0, 600)}`);
    }
    equal(what, got, expected) { this.check(what, got === expected, `got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`); }
    end() {
        console.log(`${this.name}: ${this.passed} cases passed, ${this.failures.length} failed`);
        process.exitCode = this.failures.length ? 1 : 0;
    }
}
