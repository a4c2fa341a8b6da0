// tests/http/texts.mjs - strings that break programs, through every field of text: kept exactly and shown escaped, or refused by name.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shared } from '../lib/server.mjs';
import { OUR, escaped } from './lib.mjs';

const NAUGHTY = 500, UNICODE = 300;

function naughtyStrings() {
    return JSON.parse(readFileSync(join(shared, 'corpora/conformance/naughty-strings/blns.json'), 'utf8'));
}

/** Sources and forms of the normalisation test, and confusable signs: every so many lines, the same in each run. */
function unicodeStrings() {
    const folder = join(shared, 'corpora/conformance/unicode');
    const points = (text) => String.fromCodePoint(...text.trim().split(/\s+/).map((hex) => parseInt(hex, 16)));
    const out = [];
    for (const [file, columns] of [['NormalizationTest.txt', 3], ['confusables.txt', 2]]) {
        const lines = readFileSync(join(folder, file), 'utf8').split('\n').filter((line) => /^[0-9A-F]{4}/.test(line));
        const stride = Math.max(1, Math.floor(lines.length * columns / (UNICODE / 2)));
        for (let i = 0; i < lines.length; i += stride)
            for (const cell of lines[i].split(';').slice(0, columns)) out.push(points(cell));
    }
    return out;
}

/** What a form keeps of a text: blanks at the ends go, line breaks are LF. */
const trimmed = (text) => text.replace(/\r\n?/g, '\n').replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
/** What every page must hold of a value in a text place or an attribute. */
const holds = (page, text) => page.includes(escaped(text)) || page.includes(escaped(text).replaceAll('\n', '&#10;'));

/** An inline script, a frame, or a handler among the attributes; what stands inside an attribute's quotes is none. */
const activeIn = (page) => /<script(?! src="\/assets)(?! type="application\/json")[^>]*>|<iframe/i.exec(page) ??
    /<[a-z]+\s(?:[^>]*\s)?on\w+\s*=/i.exec(page.replace(/"[^"]*"/g, '""'));

function checkRefusal(suite, what, answer, fields) {
    suite.check(`${what} is refused by its field`, answer.status === 422 && fields.includes(answer.json?.field), `${answer.status} ${answer.text.slice(0, 200)}`);
}

async function testStory(world, text, what) {
    const { suite, people } = world, client = people.reporter;
    const fields = { title: text, summary: text, text, sources: text, tags: text.replaceAll(';', ',') };
    const answer = await client.post('/articles', { outlet: OUR, kind: '消息', ...fields }, { json: true });
    if (answer.status !== 201) { checkRefusal(suite, what, answer, Object.keys(fields)); return false; }
    const edit = `/desk/articles/${answer.json.id}/edit`, { values } = (await client.get(edit, { json: true })).json.form;
    const line = trimmed(text).normalize('NFC'); /* of lines NFC is kept, a text stays as it was written */
    for (const [name, kept] of [['title', line], ['summary', line], ['text', trimmed(text)]])
        suite.equal(`${what} as ${name}`, values[name], kept);
    const page = await client.get(edit), shown = await client.get(`/desk/articles/${answer.json.id}`);
    suite.check(`${what} is shown escaped in the form`, page.status === 200 && holds(page.text, trimmed(text)), page.status);
    suite.check(`${what} is shown escaped as a title`, shown.status === 200 && holds(shown.text, line), shown.status);
    for (const answerPage of [page, shown])
        suite.check(`${what} runs nothing`, !activeIn(answerPage.text), activeIn(answerPage.text)?.[0]);
    return true;
}

async function testSearch(world, text, what) {
    const { suite, reader } = world;
    const answer = await reader.get('/search?q=' + encodeURIComponent(text));
    suite.check(`${what} as a search`, answer.status === 200 ? holds(answer.text, trimmed(text)) || !trimmed(text) : answer.status === 422, answer.status);
}

async function testNames(world, text, what, n) {
    const { suite, people } = world;
    const person = await people.admin.post('/admin/people', { login: `naughty.${n}`, name: text, unit: text }, { json: true });
    if (person.status === 201) {
        const { json } = await people.admin.get(`/admin/people/${person.json.id}`, { json: true });
        const page = await people.admin.get(`/admin/people/${person.json.id}`);
        suite.equal(`${what} as a person's name`, json.name, trimmed(text).normalize('NFC'));
        suite.check(`${what} as a person's name is shown escaped`, holds(page.text, json.name), json.name);
        suite.acted('person.added', person.json.id);
    } else {
        checkRefusal(suite, `${what} as a person's name`, person, ['name', 'unit']);
    }
    const card = { no: `NT-${n}`, name: text, platform: text, tier: '二级', unit: '文学院', purpose: text, first_responsible: text };
    const outlet = await people.admin.post('/admin/outlets', card, { json: true });
    if (outlet.status === 201) {
        const { json } = await people.admin.get(`/admin/outlets/NT-${n}`, { json: true });
        const page = await people.admin.get(`/admin/outlets/NT-${n}`), open = await world.reader.get(`/outlets/NT-${n}`);
        suite.equal(`${what} as an outlet's name`, json.outlet.name, trimmed(text).normalize('NFC'));
        suite.check(`${what} as an outlet's name is shown escaped`, holds(page.text, json.outlet.name) && holds(open.text, json.outlet.name), json.outlet.name);
        suite.acted('outlet.filed', outlet.json.id);
    } else {
        suite.check(`${what} as an outlet's name is refused by its field`,
            [403, 409, 422].includes(outlet.status) && outlet.json.field in card, `${outlet.status} ${outlet.text.slice(0, 200)}`);
    }
}

async function testSite(world) {
    const { suite, people } = world;
    const { json } = await people.admin.get('/admin/settings', { json: true });
    const name = '<b onclick="x">&amp;\'"', changed = await people.admin.post('/admin/settings', { name, tagline: name, zone: json.zone }, { json: true });
    suite.equal('a hostile name of the alliance is a name', changed.status, 200);
    for (const path of ['/', '/outlets', '/signin', '/log', '/nothing']) {
        const page = await world.reader.get(path);
        suite.check(`${path} shows it escaped`, page.text.includes(escaped(name)) && !page.text.includes('<b onclick'), path);
    }
    const feed = await world.reader.get('/feed.atom');
    suite.check('the feed shows it escaped', feed.text.includes(escaped(name)) && !feed.text.includes('<b onclick'), feed.text.slice(0, 300));
    suite.equal('and it is taken back', (await people.admin.post('/admin/settings', { name: json.name, tagline: json.tagline, zone: json.zone }, { json: true })).status, 200);
    suite.equal('a zone that is none', (await people.admin.post('/admin/settings', { name: 'x', zone: '../../etc/passwd' }, { json: true })).status, 422);
}

export async function testTexts(world) {
    const { suite } = world;
    await testSite(world);
    if (!existsSync(shared)) { suite.skip(NAUGHTY + UNICODE, 'the folder of corpora is not here'); return; }
    const all = [...naughtyStrings().map((text, i) => [text, `naughty ${i}`]), ...unicodeStrings().map((text, i) => [text, `unicode ${i}`])];
    suite.check('the corpora hold what they should', all.length > 500, all.length);
    const count = { kept: 0, refused: 0 };
    for (const [n, [text, what]] of all.entries()) {
        const label = `${what} ${JSON.stringify(text.slice(0, 40))}`;
        count[await testStory(world, text, label) ? 'kept' : 'refused']++;
        await testSearch(world, text, label);
        if (n % 4 === 0) await testNames(world, text, label, n);
    }
    console.log(`  ${all.length} strings: ${count.kept} kept, ${count.refused} refused as a story`);
    suite.equal('the server lives', (await world.reader.get('/')).status, 200);
}
