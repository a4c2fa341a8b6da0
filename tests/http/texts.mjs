// tests/http/texts.mjs - strings that break programs, each as a whole story, as a search and as the alliance's name; texts_fields.mjs
// sends them through every field there is.
import { existsSync } from 'node:fs';
import { shared } from '../lib/server.mjs';
import { OUR, escaped } from './lib.mjs';
import { NAUGHTY, UNICODE, activeIn, holds, naughtyStrings, trimmed, unicodeStrings } from './texts_strings.mjs';

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
    suite.equal('the corpora hold what they should', all.length, NAUGHTY + UNICODE);
    const count = { kept: 0, refused: 0 };
    for (const [text, what] of all) {
        const label = `${what} ${JSON.stringify(text.slice(0, 40))}`;
        count[await testStory(world, text, label) ? 'kept' : 'refused']++;
        await testSearch(world, text, label);
    }
    console.log(`  ${all.length} strings: ${count.kept} kept, ${count.refused} refused as a story`);
    suite.equal('the server lives', (await world.reader.get('/')).status, 200);
}
