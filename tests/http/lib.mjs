// tests/http/lib.mjs - what the groups of this folder share: the run, raw requests, the table of routes, the log.
import net from 'node:net';
import { Client, Report } from '../lib/server.mjs';

export { Client };

/** A Report whose checks belong to groups, each with its line, and which counts what it had to skip. */
export class Suite extends Report {
    constructor(name) { super(name); this.skipped = 0; this.acts = []; }
    skip(count, why) { this.skipped += count; console.log(`  skipped ${count}: ${why}`); }
    async group(name, body) {
        const passed = this.passed, failed = this.failures.length, skipped = this.skipped, start = Date.now();
        try {
            await body();
        } catch (error) {
            this.check(`${name} runs to its end`, false, `${error.stack} ${error.cause?.stack ?? ''}`);
        }
        console.log(`${this.name} ${name}: ${this.passed - passed} passed, ${this.failures.length - failed} failed, ` +
            `${this.skipped - skipped} skipped, ${((Date.now() - start) / 1000).toFixed(1)} s`);
    }
    /** An act that was acknowledged: the log must hold an entry of this kind about this subject. */
    acted(kind, subject) { this.acts.push({ kind, subject: String(subject) }); }
    end() {
        console.log(`${this.name}: ${this.passed} cases passed, ${this.failures.length} failed, ${this.skipped} skipped`);
        process.exitCode = this.failures.length ? 1 : 0;
    }
}

/** Bytes as they are to the port; the answer's status, headers and body. Status 0: closed without an answer. */
export function raw(port, bytes, { waits = 15000 } = {}) {
    return new Promise((done) => {
        const socket = net.connect(port, '127.0.0.1'), parts = [];
        const end = () => { socket.destroy(); done(parseAnswer(Buffer.concat(parts))); };
        socket.setTimeout(waits, end);
        socket.on('connect', () => socket.write(bytes));
        socket.on('data', (part) => parts.push(part));
        socket.on('error', end);
        socket.on('close', end);
    });
}

export function parseAnswer(buffer) {
    const text = buffer.toString('latin1'), end = text.indexOf('\r\n\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
    const headers = {};
    for (const line of text.slice(0, Math.max(end, 0)).split('\r\n').slice(1)) {
        const colon = line.indexOf(':');
        headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    return { status, headers, body: end < 0 ? '' : buffer.subarray(end + 4).toString('utf8') };
}

/** The rows of the route table as /openapi.json tells them. */
export async function routesOf(client) {
    const { json } = await client.get('/openapi.json', { json: true });
    const rows = [];
    for (const [pattern, item] of Object.entries(json.paths))
        for (const [method, operation] of Object.entries(item))
            rows.push({ method: method.toUpperCase(), pattern, capability: operation['x-capability'],
                isPerOutlet: operation['x-per-outlet'], flags: operation['x-flags'],
                parameters: operation.parameters ?? [], body: operation.requestBody?.content ?? null,
                keys: Object.keys(operation.responses['200'].content?.['application/json']?.schema.properties ?? {}) });
    return rows;
}

/** Everything acknowledged so far: entries placed and pending. Two equal numbers: no act between them. */
export async function entryCount(client) {
    const { json } = await client.get('/log', { json: true });
    return json.size + json.pending;
}

/** A read until it says yes: the server's own clock decides when, this only looks again. */
export async function until(what, probe, tries = 600) {
    for (let i = 0; i < tries; i++) {
        const got = await probe();
        if (got) return got;
        await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`waited in vain: ${what}`);
}

export async function metricsOf(client) {
    const { text } = await client.get('/metrics');
    return Object.fromEntries([...text.matchAll(/^liandong_(\S+) (\d+)$/gm)].map(([, name, n]) => [name, Number(n)]));
}

export const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;').replaceAll("'", '&#39;');

/** Every public story of an outlet (or of all), by paging its JSON. */
export async function storiesOf(client, path = '/') {
    const { json } = await client.get(path, { json: true });
    return json.stories;
}

/** A form with a file, as a program sends it. */
export async function upload(client, path, fields, name, bytes, { json = true } = {}) {
    const form = new FormData();
    for (const [key, value] of Object.entries({ csrf: client.csrf, ...fields })) form.append(key, value);
    form.append('file', new Blob([bytes]), name);
    const body = new Response(form);
    return client.request('POST', path, { json, body: Buffer.from(await body.arrayBuffer()),
        headers: { 'Content-Type': body.headers.get('content-type'), Origin: client.alliance.origin } });
}

/** People of the demo, signed in once for all groups. */
export async function signInAll(alliance) {
    const people = { reporter: 'tang.yizhou', editor: 'pei.qinghe', chief: 'fang.qing', teacher: 'wu.jian',
        registrar: 'wei.zhixing', admin: 'kang.shining', stranger: 'leng.qiubai', author: 'cen.yuan', releaser: 'bi.yichuan',
        photographer: 'xu.tang', deskhead: 'jian.yinuo', head: 'fu.lanting', proof2: 'tao.zhixin', proof3: 'ji.buyan' };
    const out = {};
    for (const [role, login] of Object.entries(people)) out[role] = await new Client(alliance).signIn(login);
    return out;
}

export const OUR = 'CC001', OTHER = 'CC013', CHECKED = 'CC006'; /* the last under 三审三校 */

export const STEPS = ['review1', 'review2', 'review3', 'proof1', 'proof2', 'proof3'];
export const ticked = { check1: '1', check2: '1', check3: '1', check4: '1' };

/** A pitch of the reporter's, accepted and assigned to the reporter, by an editor: { pitch, assignment, version } (of the assignment). */
export async function assignedPitch({ reporter, editor }, fields = {}, no = OUR) {
    const must = (answer, status) => {
        if (answer.status !== status) throw new Error(`pitch: ${answer.status} ${answer.text.slice(0, 300)}`);
        return answer.json;
    };
    const pitch = must(await reporter.post(`/outlets/${no}/pitches`, { title: 'Assigned', why: 'Why.' }, { json: true }), 201);
    const accepted = must(await editor.post(`/pitches/${pitch.id}/accept`, { version: pitch.version }, { json: true }), 200);
    const seen = must(await editor.get(`/desk/pitches/${pitch.id}`, { json: true }), 200);
    const person = seen.colleagues.find((one) => one.name === seen.pitch.person).id; /* who proposed it writes it */
    const made = must(await editor.post(`/pitches/${pitch.id}/assign`, { version: accepted.version, person, kind: '通讯', due_at: '2035-01-05T18:00', ...fields }, { json: true }), 201);
    return { pitch: pitch.id, assignment: made.id, version: made.version, person };
}

/** Files a story and, as far as asked, brings it to readers; the acts are noted for the log. */
export async function makeStory(suite, { author, releaser, no = OUR, title, text = 'Text.', to = 'published', more = {} }) {
    const must = (answer, status) => {
        if (answer.status !== status) throw new Error(`story "${title}": ${answer.status} ${answer.text.slice(0, 300)}`);
        return answer.json;
    };
    let story = must(await author.post('/articles', { outlet: no, kind: '消息', title, text, ...more }, { json: true }), 201);
    suite.acted('manuscript.filed', story.id);
    if (to === 'draft') return story;
    story = must(await author.post(`/articles/${story.id}/submit`, { version: story.version }, { json: true }), 200);
    suite.acted('manuscript.submitted', story.id);
    if (to === 'submitted') return story;
    if (to === 'planned') {
        story = must(await releaser.post(`/articles/${story.id}/plan`, { version: story.version, plan_at: '2035-01-01T08:00' }, { json: true }), 200);
        suite.acted('manuscript.planned', story.id);
        return story;
    }
    story = must(await releaser.post(`/articles/${story.id}/release`, { version: story.version }, { json: true }), 200);
    suite.acted('manuscript.released', story.id);
    return story;
}

/** Who does which step at CHECKED; the author's is the first proof. */
export const stepPerson = ({ people }, step) => ({ review1: people.deskhead, review2: people.head, review3: people.chief, proof1: people.photographer,
    proof2: people.proof2, proof3: people.proof3 })[step];

/** Opens the story as a reader of it does, and decides. */
export async function decideStep(client, story, step, fields = { outcome: 'pass', ...ticked }, options = { json: true }) {
    await client.get(`/desk/articles/${story.id}`);
    return client.post(`/articles/${story.id}/steps`, { version: story.version, step, ...fields }, options);
}

/** A submitted story at CHECKED that has passed so many steps. */
export async function makeChecked(world, suite, { title, passed = 0, kind = '消息' }) {
    let story = await makeStory(suite, { author: world.people.photographer, no: CHECKED, title, to: 'submitted', more: { kind } });
    for (const step of STEPS.slice(0, passed)) {
        const answer = await decideStep(stepPerson(world, step), story, step);
        if (answer.status !== 200) throw new Error(`${step} of "${title}": ${answer.status} ${answer.text.slice(0, 300)}`);
        suite.acted('manuscript.reviewed', story.id);
        story = answer.json;
    }
    return story;
}
