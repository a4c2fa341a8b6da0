// tests/http/docx.mjs - Word files through the server: what is kept on the published page, what is asked for, what is refused.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/server.mjs';
import { OTHER, OUR, entryCount, upload } from './lib.mjs';

const folder = join(root, 'tests/docx');
const bytesOf = (name) => readFileSync(join(folder, `${name}.docx`));

/** What readers see of each: parts of the page that no other story has. */
const kept = {
    'list-nested': ['<ul><li>衣<ul><li>夏天<ul><li>短袖三件</li></ul></li><li>冬天</li></ul></li>'],
    'table-merged': ['<td colspan="2">上午</td>', '<td rowspan="2">一教</td>'],
    tracked: ['<p>会议周四举行。</p>'],
    notes: ['<sup><a href="#content-note-1" id="content-ref-1">1</a></sup>', '<li id="content-note-1">据校史馆藏的施工图。'],
    quote: ['<blockquote><p>膝盖不会说谎。</p>'],
    emphasis: ['<strong>一定</strong>', '<s>快</s>', 'H<sub>2</sub>O'],
    'links-hostile': ['&lt;script&gt;alert(1)&lt;/script&gt;'],
};

async function publish(world, filed) {
    const { people, suite } = world, { id } = filed;
    const submitted = await people.reporter.post(`/articles/${id}/submit`, { version: String(filed.version) }, { json: true });
    suite.equal('a draft from Word is submitted', submitted.status, 200);
    const released = await people.editor.post(`/articles/${id}/release`, { version: String(submitted.json.version) }, { json: true });
    suite.equal('and released', released.status, 200);
    suite.acted('manuscript.released', id);
}

async function testKept(world) {
    const { suite, people, reader } = world;
    for (const [name, parts] of Object.entries(kept)) {
        const answer = await upload(people.reporter, '/articles/word', { outlet: OUR, kind: '通讯' }, `${name}.docx`, bytesOf(name));
        suite.equal(`${name} is filed`, answer.status, 201);
        suite.acted('manuscript.filed', answer.json.id);
        await publish(world, answer.json);
        const page = await reader.get(`/articles/${answer.json.id}`);
        for (const part of parts) suite.check(`${name} keeps ${part}`, page.text.includes(part), page.text.slice(0, 200));
    }
}

async function testWords(world) {
    const { suite, people, reader } = world;
    const filed = await upload(people.reporter, '/articles/word', { outlet: OUR }, '两张照片.docx', bytesOf('picture-no-alt'));
    suite.equal('pictures without words are taken', filed.status, 201);
    suite.equal('two are asked for', filed.json.missing, 2);
    suite.equal('the file names the story', filed.json.story, '两张照片');
    const { id, version } = filed.json;
    const early = await people.reporter.post(`/articles/${id}/submit`, { version: String(version) }, { json: true });
    suite.equal('nothing without words is submitted', `${early.status} ${early.json.field}`, '422 alts');
    const form = (alts) => ({ body: new URLSearchParams([['csrf', people.reporter.csrf], ['version', String(version)], ...alts.map((alt) => ['alts', alt])]).toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: world.alliance.origin }, json: true });
    for (const alts of [[], ['一'], ['一', '二', '三']])
        suite.equal(`${alts.length} words for two pictures`, (await people.reporter.request('POST', `/articles/${id}/words`, form(alts))).status, 422);
    const described = await people.reporter.request('POST', `/articles/${id}/words`, form(['一座<桥>', '红墙']));
    suite.equal('two words for two pictures', described.status, 200);
    await publish(world, described.json);
    const page = (await reader.get(`/articles/${id}`)).text;
    suite.check('readers get the words', page.includes('alt="一座&lt;桥&gt;"') && page.includes('alt="红墙"'), page.slice(0, 200));
    suite.equal('readers get the picture', (await reader.get(/\/media\/[0-9a-f]{64}/.exec(page.slice(page.indexOf('<figure>')))[0])).status, 200);
}

async function testRefused(world) {
    const { suite, people, reader } = world, before = await entryCount(reader);
    for (const name of readdirSync(folder).filter((one) => one.startsWith('bad-'))) {
        const answer = await upload(people.reporter, '/articles/word', { outlet: OUR }, name, readFileSync(join(folder, name)));
        suite.equal(`${name} is refused at its field`, `${answer.status} ${answer.json?.field}`, '422 file');
        const page = await upload(people.reporter, '/articles/word', { outlet: OUR }, name, readFileSync(join(folder, name)), { json: false });
        suite.check(`${name} leads back to the page`, page.status === 422 && page.text.includes('id="e-file"'), `${page.status}`);
    }
    suite.equal('no file at all', (await upload(people.reporter, '/articles/word', { outlet: OUR }, '', '')).status, 422);
    suite.equal('without an outlet it is refused by R1', (await upload(people.reporter, '/articles/word', {}, 'a.docx', bytesOf('plain'))).json.rule, 1);
    suite.equal('another outlet', (await upload(people.reporter, '/articles/word', { outlet: OTHER }, 'a.docx', bytesOf('plain'))).status, 404);
    suite.equal('nothing was stored of all that', await entryCount(reader), before);
}

export async function testDocx(world) {
    await testKept(world);
    await testWords(world);
    await testRefused(world);
}
