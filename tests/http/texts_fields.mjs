// tests/http/texts_fields.mjs - strings that break programs through every field of every route: kept and shown escaped, or refused
// by name with nothing written. The list of fields is the server's own (/openapi.json): a field without a case here is a failure.
import http from 'node:http';
import { Alliance } from '../lib/server.mjs';
import { Client, entryCount, escaped, routesOf, signInAll } from './lib.mjs';
import { any, common, drivers, linesNamed, secret, tokenOf, valuesOf } from './texts_routes.mjs';
import { BROKEN, PLAIN, activeIn, holds, shareOut } from './texts_strings.mjs';

const LEAST = 42, PATIENCE_MS = 5000;

/* ---- sending ---- */

const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });

const encode = (value) => {
    let out = '';
    for (const byte of Buffer.from(value))
        out += byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5a || byte >= 0x61 && byte <= 0x7a || byte === 0x2d || byte === 0x5f
            ? String.fromCharCode(byte) : '%' + byte.toString(16).toUpperCase().padStart(2, '0');
    return out;
};
const encoded = new Map(); /* the long ones go through many fields */
function encodeOnce(given) {
    const value = typeof given === 'number' ? String(given) : given;
    if (value.length < 10000) return encode(value);
    if (!encoded.has(value)) encoded.set(value, encode(value));
    return encoded.get(value);
}

/** A body past the limit is answered before it is read whole, so that who still writes may find the line closed: a long one asks first. */
async function send(client, method, path, options = {}) {
    for (let tries = 0; ; tries++) {
        const answer = await sendOnce(client, method, path, options);
        if (answer.status > 0 || tries === 3 || !/EPIPE|ECONNRESET/.test(answer.text)) return answer;
    }
}

/** Any bytes in any place of a request, which fetch would mend; status 0: no answer in time, or none at all. */
function sendOnce(client, method, path, { body, type, json = true }) {
    return new Promise((done) => {
        const start = Date.now(), { port, origin } = client.alliance;
        const headers = { Accept: json ? 'application/json' : 'text/html', 'Accept-Language': 'en' };
        if (client.cookie) headers.Cookie = client.cookie;
        if (body !== undefined) Object.assign(headers, { Origin: origin, 'Content-Type': type, 'Content-Length': body.length });
        const asksFirst = body?.length > 65536;
        if (asksFirst) headers.Expect = '100-continue';
        const none = (why) => done({ status: 0, text: `${why} ${why.code ?? ''}`, json: null, ms: Date.now() - start });
        const request = http.request({ port, host: '127.0.0.1', method, path, headers, agent }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('error', none);
            answer.on('end', () => {
                const text = Buffer.concat(parts).toString(), cookie = answer.headers['set-cookie']?.[0].split(';')[0];
                let value = null;
                if (text && /json/.test(answer.headers['content-type'])) value = JSON.parse(text);
                done({ status: answer.statusCode, headers: answer.headers, location: answer.headers.location, text, json: value, cookie, ms: Date.now() - start });
            });
        });
        request.setTimeout(PATIENCE_MS, () => request.destroy(new Error(`no answer in ${PATIENCE_MS} ms`)));
        request.on('error', none);
        if (!asksFirst) return void request.end(body);
        request.on('continue', () => request.end(body));
        request.flushHeaders();
    });
}

function formOf(fields) {
    const type = 'application/x-www-form-urlencoded';
    return { type, body: Buffer.from(Object.entries(fields).map(([name, value]) => `${name}=${encodeOnce(value)}`).join('&')) };
}

const jsonOf = (fields) => ({ type: 'application/json', body: Buffer.from(JSON.stringify(Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, String(value)])))) });

function partsOf(fields, file) {
    const mark = '----texts', out = [];
    for (const [name, value] of Object.entries(fields))
        out.push(Buffer.from(`--${mark}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`), Buffer.from(value), Buffer.from('\r\n'));
    const name = Buffer.from(Buffer.from(file.name).toString('latin1').replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A'), 'latin1');
    out.push(Buffer.from(`--${mark}\r\nContent-Disposition: form-data; name="file"; filename="`), name,
        Buffer.from('"\r\nContent-Type: application/octet-stream\r\n\r\n'), file.bytes, Buffer.from(`\r\n--${mark}--\r\n`));
    return { type: `multipart/form-data; boundary=${mark}`, body: Buffer.concat(out) };
}

/** The request of a driver that succeeds, or the same with one field's value replaced. */
function ask(world, row, driver, context, { field, sample, json = true } = {}) {
    const client = context.client ?? (driver.as === 'visitor' ? world.visitor : world.people[driver.as]);
    const value = field && valueFor(field, sample, context);
    const put = (place, values) => field?.place === place ? { ...values, [field.name]: value } : { ...values };
    const names = driver.path?.(context);
    const path = row.pattern.replace(/\{(\w+)\}/g, (_, name) => field?.place === 'path' && field.name === name ? encodeOnce(value) : names[name]);
    const query = Object.entries(put('query', driver.query?.(context))).map(([name, text]) => `${name}=${encodeOnce(text)}`).join('&');
    const address = query ? `${path}?${query}` : path;
    if (row.method === 'GET') return send(client, 'GET', address, { json });
    const fields = put('body', { csrf: client.csrf, ...driver.body?.(context) });
    if (!driver.file) {
        const isJson = json && sample && typeof sample.value === 'string' && sample.pick(`json ${field.key}`) % 3 === 0 && !['csrf', 'version'].includes(field.name);
        return send(client, 'POST', address, { json, ...isJson ? jsonOf(fields) : formOf(fields) });
    }
    const isFile = field?.kind === 'file', isName = isFile && sample.pick(`name ${field.key}`) % (driver.isDear ? 16 : 4) === 0;
    delete fields.file;
    return send(client, 'POST', address, { json, ...partsOf(fields, { name: isName ? value : 'a file', bytes: driver.file(isFile && !isName ? value : 'A file') }) });
}

const wraps = (field, sample) => field.driver.wrap?.[field.name] && sample.value.length < 1000 && sample.pick(`wrap ${field.key}`) % 2 === 0;
const valueFor = (field, sample, context) => wraps(field, sample) ? field.driver.wrap[field.name](sample.value, context) : sample.value;

/* ---- the list of fields ---- */

function kindOf(place, name, schema, kept) {
    if (place === 'path') return 'path';
    if (schema.format === 'binary') return 'file';
    if (schema.enum || schema.type === 'boolean') return 'choice';
    if (schema.type === 'integer' || schema.format === 'date' || schema.pattern?.startsWith('^[1-9]') || schema.maxLength === undefined) return 'id';
    if (kept === secret) return 'secret';
    return linesNamed.has(name) ? 'lines' : 'line';
}

/** A read needs no driver of its own where its path and its right say all. */
function readDriver(row, values) {
    const as = row.capability === 'read' ? 'reader' : row.capability === 'signed_in' || row.isPerOutlet ? 'editor' : 'admin';
    return { as, path: () => ({ ...values, ...values[`${row.method} ${row.pattern}`] }), ...drivers[`${row.method} ${row.pattern}`] };
}

function fieldsOf(row, driver) {
    const out = [], key = `${row.method} ${row.pattern}`;
    const add = (place, name, schema) => {
        const kept = place === 'path' || schema.format === 'binary' || name === 'after' ? any : driver?.kept?.[name];
        const kind = kindOf(place, name, schema, kept), has = place === 'path' ? name in (driver?.path?.({}) ?? driver?.pathNames ?? {}) : kept;
        out.push({ key: `${key} field ${name}`, row, driver, place, name, schema, kind, kept, has: Boolean(has), isDear: kind === 'secret' || driver?.isDear });
    };
    for (const { name, in: place, schema } of row.parameters) add(place, name, schema);
    const content = Object.values(row.body ?? {})[0];
    for (const [name, schema] of Object.entries(content?.schema.properties ?? {})) add('body', name, schema);
    for (const one of common.filter((extra) => extra.row === key))
        out.push({ ...one, key: `${key} field ${one.name}`, row, driver, place: row.method === 'GET' ? 'query' : 'body', schema: {}, kept: any, has: true, isCommon: true });
    return out;
}

/* ---- judging ---- */

/** Nothing of the text stands there as markup or ends an attribute, and nothing runs. Rendered text has its own rules. */
function checkPage(suite, what, page, text, field) {
    const active = activeIn(page.text), isRendered = field.driver.rendered?.includes(field.name);
    if (active) suite.check(`${what} runs nothing`, false, active[0]);
    if (isRendered || text.length <= 6) return;
    const halfway = escaped(text).replaceAll('&quot;', '"').replaceAll('&#39;', "'");
    if (/<[a-z!\/?]/i.test(text) && page.text.includes(text)) suite.check(`${what} is not markup`, false, text.slice(0, 100));
    if (halfway !== escaped(text) && page.text.includes(halfway)) suite.check(`${what} ends no attribute`, false, halfway.slice(0, 100));
}

function isNamed(field, answer) {
    const { status, json } = answer;
    if ([413, 414, 431].includes(status)) return true; /* a limit of the whole request */
    const other = field.isCommon ? field.names : field.driver.names?.[field.name];
    if (json && 'rows' in json) return Boolean(other?.(answer)); /* the report of an import */
    if (!json?.type || !json.title || !json.detail || json.status !== status) return false;
    /* 409: another thing is called so, and is not what the request takes it for */
    if (field.place === 'path') return [400, 404, 409, 410, 412].includes(status);
    return json.field === field.name || Boolean(other?.(answer));
}

async function checkRefused(world, field, sample, context, answer, what) {
    const { suite } = world, text = sample.value.toString();
    if (!isNamed(field, answer)) suite.check(`${what} is refused by its name`, false, `${answer.status} ${answer.text.slice(0, 300)}`);
    if (/sqlite|postgres|SELECT |\.c:\d/.test(answer.text.replaceAll(JSON.stringify(text).slice(1, -1), '')))
        suite.check(`${what} tells nothing of the inside`, false, answer.text.slice(0, 300));
    if (/["'<>&]/.test(text) && sample.pick(`browser ${field.key}`) % 4 === 0 && field.kind !== 'file') {
        const page = await ask(world, field.row, field.driver, context, { field, sample, json: false });
        if (page.status !== answer.status && ![303, 422].includes(page.status)) suite.check(`${what} is refused to a browser too`, false, page.status);
        checkPage(suite, `${what} in a browser`, page, text, field);
    }
}

/**
 * That refusals wrote nothing: the log is as long as before them. One look serves many, so those that will be refused go
 * first; after an act that was accepted nobody knows how long the log was, and what was refused is sent once more.
 */
class Silence {
    constructor(world, field) { Object.assign(this, { world, field, sent: [], entries: null }); }
    async begin() { this.entries = await entryCount(this.world.quick); }
    async refused(sample, context) {
        if (this.entries === null) {
            await this.begin();
            await ask(this.world, this.field.row, this.field.driver, context, { field: this.field, sample });
        }
        this.sent.push(sample);
    }
    async accepted(context) {
        const again = this.sent;
        this.sent = [];
        this.entries = null;
        for (const sample of context ? again : []) await this.refused(sample, context);
        if (this.sent.length) await this.settle();
        this.entries = null;
    }
    async settle() {
        if (!this.sent.length) return;
        const before = this.entries, names = this.sent.map((one) => one.what).join();
        await this.begin();
        if (this.entries !== before) this.world.suite.check(`${this.field.key}: what was refused wrote nothing`, false, `${before} entries became ${this.entries}: ${names}`);
        this.sent = [];
    }
}

async function checkAccepted(world, field, sample, context, answer, what) {
    const { suite } = world, { driver, row } = field, text = valueFor(field, sample, context).toString();
    if (typeof sample.value !== 'string' && !field.isCommon && field.kind !== 'file' && field.kind !== 'secret')
        suite.check(`${what} is no text and refused`, false, answer.status);
    if (row.method === 'GET') {
        const page = await ask(world, row, driver, context, { field, sample, json: false });
        if (page.status !== answer.status) suite.check(`${what} is a page`, false, `${answer.status} ${page.status}`);
        checkPage(suite, what, page, text, field);
        const value = answer.json?.[field.name], kept = field.kept(text, context);
        if (kept !== undefined) {
            suite.equal(`${what} is what the model says`, value, kept);
            if (!driver.unseen?.includes(field.name) && !holds(page.text, kept)) suite.check(`${what} is shown escaped`, false, kept);
        }
        return;
    }
    if (field.place !== 'body' || field.kind === 'file' || field.isCommon || !driver.show) return;
    const told = await driver.show(world, context, answer, field.name, text), kept = told.isTold ? true : field.kept(text, context);
    if (kept !== undefined) suite.equal(`${what} is kept`, told.value, kept);
    for (const [i, [client, path]] of told.pages.entries()) {
        if (i > 0 && sample.pick(`page ${field.key}`) % 3) continue;
        const page = await send(client, 'GET', path, { json: false });
        if (![200, 410].includes(page.status)) suite.check(`${what}: ${path} is a page`, false, page.status);
        checkPage(suite, `${what} on ${path}`, page, text, field);
        if (i === 0 && kept !== undefined && !told.isTold && !holds(page.text, kept)) suite.check(`${what} is shown escaped on ${path}`, false, kept);
    }
}

/** The plain one must be taken, and one of two lines exactly where there may be several. */
function checkDemand(suite, field, sample, answer, what) {
    if (!['line', 'lines'].includes(field.kind) || field.row.method === 'GET' || field.isCommon || field.driver.narrow?.includes(field.name)) return;
    const isTaken = answer.status < 400;
    if (sample.value === PLAIN) suite.check(`${what} is taken`, isTaken, `${answer.status} ${answer.text.slice(0, 200)}`);
    if (sample.value === BROKEN) suite.equal(`${what} is taken where lines are`, isTaken, field.kind === 'lines');
}

async function renew(world, field, context, answer, text) {
    const { driver } = field;
    if (answer.cookie && context.client) {
        context.client.cookie = answer.cookie;
        await context.client.get('/desk');
    }
    if (field.place === 'path') return null;
    return driver.after ? driver.after(world, context, answer, field.name, text) : context;
}

/** A guess, which decides the order only. */
function seemsBad(field, { value }) {
    if (!['line', 'lines'].includes(field.kind) || field.driver.narrow?.includes(field.name)) return true;
    return typeof value !== 'string' || value.length > (field.schema.maxLength ?? 0) || /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(value) ||
        !value.trim() && field.schema.minLength > 0 || field.kind === 'line' && /[\t\r\n]/.test(value);
}

async function runSample(world, field, sample, context, silence) {
    const { suite, count } = world, what = `${field.key}: ${sample.what}`;
    const answer = await ask(world, field.row, field.driver, context, { field, sample });
    count.cases++;
    checkDemand(suite, field, sample, answer, what);
    if (answer.status === 0 || answer.status >= 500 || answer.ms > PATIENCE_MS) {
        suite.check(`${what} is answered`, false, `${answer.status} in ${answer.ms} ms: ${answer.text.slice(0, 200)}`);
        return null;
    }
    if (answer.status >= 400) {
        await checkRefused(world, field, sample, context, answer, what);
        if (field.row.method !== 'GET') await silence.refused(sample, context);
        return context;
    }
    count.kept++;
    await checkAccepted(world, field, sample, context, answer, what);
    if (field.row.method === 'GET') return context;
    const after = await renew(world, field, context, answer, valueFor(field, sample, context).toString());
    await silence.accepted(after);
    return after;
}

async function runField(world, field, share) {
    const { suite, count } = world, silence = new Silence(world, field);
    /* An empty name in a path is another address. */
    const samples = [...share].filter(({ value }) => value !== null && (field.place !== 'path' || value.length > 0));
    count.missing += [...share].filter(({ value }) => value === null).length;
    const bad = samples.filter((sample) => seemsBad(field, sample));
    let context = null;
    for (const [i, sample] of [...bad, ...samples.filter((one) => !bad.includes(one))].entries()) {
        const failed = suite.failures.length;
        if (i === bad.length) await silence.settle();
        if (!context) {
            await silence.settle();
            context = await field.driver.start?.(world) ?? {};
            if (i < bad.length) await silence.begin();
        }
        context = await runSample(world, field, sample, context, silence);
        if (suite.failures.length === failed) suite.passed++;
        else count.failed++;
    }
    await silence.settle();
}

/* ---- the group ---- */

async function proveBase(world, row, driver) {
    const { suite } = world, context = await driver.start?.(world) ?? {};
    const answer = await ask(world, row, driver, context);
    suite.check(`${row.method} ${row.pattern}: the request itself succeeds`, [200, 201, 303].includes(answer.status), `${answer.status} ${answer.text.slice(0, 300)}`);
}

async function listFields(world) {
    const { suite } = world, values = { ...await valuesOf(world), token: await tokenOf(world) };
    const fields = [];
    for (const row of await routesOf(world.people.reader)) {
        const key = `${row.method} ${row.pattern}`, driver = row.method === 'GET' ? readDriver(row, values) : drivers[key];
        const own = fieldsOf(row, driver);
        for (const field of own) suite.check(`no case sends texts through ${field.key}`, field.has);
        if (own.length === 0 && !driver) continue;
        if (driver && own.every((field) => field.has)) await proveBase(world, row, driver);
        fields.push(...own.filter((field) => field.has));
    }
    return fields;
}

async function testAll(world, only) {
    const { suite, count } = world, fields = await listFields(world);
    const { shares, count: strings } = shareOut(fields, LEAST);
    for (const field of fields)
        if (!only || field.key.includes(only)) await runField(world, field, shares.get(field));
    console.log(`  texts: ${fields.length} fields, ${strings} strings, ${count.cases} cases, ${count.failed} failed; ${count.kept} kept, the others refused`);
    if (count.missing) suite.skip(count.missing, 'the folder of corpora is not here; only the strings of this test itself were sent');
    const kinds = {};
    for (const { kind } of fields) kinds[kind] = (kinds[kind] ?? 0) + 1;
    console.log(`  fields: ${Object.entries(kinds).map(([kind, n]) => `${n} ${kind}`).join(', ')}`);
    suite.equal('the server lives', (await world.people.reader.get('/')).status, 200);
}

/** Alone with an alliance of its own: thousands of rows are written. */
export async function testFields({ driver, suite }) {
    const alliance = new Alliance(driver, { settings: { 'log.level': 'warn', 'signin.delay_ms': '0' } });
    try {
        await alliance.start('demo');
        const people = { ...await signInAll(alliance), reader: new Client(alliance) }, visitor = new Client(alliance);
        await visitor.get('/signin');
        const quick = { get: (path) => send(people.reader, 'GET', path) };
        await testAll({ driver, suite, alliance, people, visitor, quick, count: { cases: 0, kept: 0, failed: 0, missing: 0 } }, process.env.LIANDONG_FIELD);
        const failed = alliance.log.split('\n').filter((text) => / http\.failed | status=500 |runtime error|AddressSanitizer/.test(text));
        suite.check('nothing failed inside', failed.length === 0, failed.slice(0, 5).join(' | '));
        const exit = await alliance.stop();
        suite.equal('and it ends with 0', exit.code, 0);
    } finally {
        agent.destroy();
        await alliance.remove();
    }
}
