// tests/http/long_work.mjs - a large import and a new search index seen from outside: progress, stop, going on, whose it is.
import { spawn } from 'node:child_process';
import { program } from '../lib/server.mjs';
import { OTHER, OUR, until } from './lib.mjs';

const MANY = 3000;
const row = (word, i, text = '') => JSON.stringify({ title: `${word}${i}`, text: text || `${word}的正文，第${i}篇。\n`.repeat(12), date: '2015-03-04' });
const lines = (word, count) => Array.from({ length: count }, (_, i) => row(word, i)).join('\n') + '\n';

async function send(client, path, bytes, fields = {}, json = true) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ csrf: client.csrf, ...fields })) form.append(name, value);
    form.append('file', new Blob([bytes]), 'stories.jsonl');
    const body = new Response(form);
    return client.request('POST', path, { json, body: Buffer.from(await body.arrayBuffer()),
        headers: { 'Content-Type': body.headers.get('content-type'), Origin: client.alliance.origin } });
}
const workOf = async (client, url) => (await client.get(url, { json: true })).json?.work;

/** Waits as long as the work moves: how much there is to do, and how slow the machine, is not the test's to say. */
async function untilDone(what, client, url) {
    for (let before = -1, work = { done: 0 }; work.state !== 'done'; before = work.done)
        await until(what, async () => (work = await workOf(client, url)).state === 'done' || work.done > before);
}

/** What a second look at the file finds is what is stored. */
async function storedOf(client, bytes) {
    return (await send(client, `/desk/outlets/${OUR}/import`, bytes, { dry_run: '1' })).json.same_count;
}

async function testStop({ suite, people }) {
    const file = lines('长文', MANY), started = await send(people.admin, `/desk/outlets/${OUR}/import`, file);
    const url = started.json?.work?.url ?? '';
    suite.check('a large file becomes long work', started.status === 200 && !started.json.is_written && started.json.rows.length === MANY && url.startsWith('/long-work/'), started.text.slice(0, 300));
    const again = await send(people.admin, `/desk/outlets/${OUR}/import`, file);
    suite.equal('the same file meanwhile is the same work', again.json?.work?.url ?? url, url);
    const page = await people.admin.get(url), isRunning = (await workOf(people.admin, url)).state === 'running';
    suite.check('its page shows how far it is', page.status === 200 && page.text.includes('<progress') && page.text.includes(String(MANY)), page.text.slice(0, 200));
    suite.check('a page of what runs comes again by itself', !isRunning || page.headers.get('refresh') === '3', page.headers.get('refresh'));
    await people.admin.post(`${url}/stop`, {}, { json: true });
    const stopped = await workOf(people.admin, url);
    suite.check('a stop stops it half-way', ['stopped', 'done'].includes(stopped.state) && (stopped.state === 'done' || stopped.done < MANY), JSON.stringify(stopped));
    suite.equal('what counts as done is stored, and no more', await storedOf(people.admin, file), stopped.done);
    const still = await people.admin.get(url);
    suite.check('a page of what stands still does not', !still.headers.get('refresh'));
    if (stopped.state === 'stopped') suite.check('and has the button that goes on', still.text.includes(`${url}/resume`), still.text.slice(0, 300));
    for (const [name, client] of [['a reporter', people.reporter], ['a stranger', people.stranger]]) {
        suite.equal(`${name} does not see it`, (await client.get(url, { json: true })).status, 404);
        suite.equal(`${name} does not move it`, (await client.post(`${url}/resume`, {}, { json: true })).status, 404);
    }
    suite.equal('an editor does not see all long work', (await people.editor.get('/admin/long-work', { json: true })).status, 403);
    await people.admin.post(`${url}/resume`, {}, { json: true });
    await untilDone('the import', people.admin, url);
    const done = await workOf(people.admin, url);
    suite.check('it goes on to its end', done.done === MANY && done.total === MANY && done.share === 100, JSON.stringify(done));
    suite.equal('every story is there', await storedOf(people.admin, file), MANY);
    suite.equal('what has ended is not stopped', (await people.admin.post(`${url}/stop`, {}, { json: true })).status, 409);
    const list = (await people.admin.get('/admin/long-work', { json: true })).json.works, mine = (await people.admin.get('/long-work', { json: true })).json.works;
    suite.check('both lists name it', list.some((one) => `/long-work/${one.id}` === url) && mine.some((one) => one.url === url));
    suite.equal('the list of another does not', (await people.editor.get('/long-work', { json: true })).json.works.length, 0);
    const found = await until('the index', async () => (await people.reader.get(`/search?q=${encodeURIComponent(`长文${MANY - 1}`)}`, { json: true })).json.total === 1);
    suite.check('and is found', found !== false);
}

async function testRefusals({ suite, people }) {
    const bad = lines('坏行', 500) + '{"title":"x"}\n', before = (await people.admin.get('/admin/long-work', { json: true })).json.works.length;
    const answer = await send(people.admin, `/desk/outlets/${OUR}/import`, bad);
    suite.check('one refused row of many: nothing is begun', answer.status === 422 && answer.json.refused_count === 1 && answer.json.work === null, answer.text.slice(0, 200));
    suite.equal('nothing is written', await storedOf(people.admin, lines('坏行', 500)), 0);
    suite.equal('no work stands in the list', (await people.admin.get('/admin/long-work', { json: true })).json.works.length, before);
    const page = await send(people.admin, `/desk/outlets/${OUR}/import`, bad, {}, false);
    suite.check('the page names the line', page.status === 422 && page.text.includes('501'), `${page.status} ${page.text.slice(0, 300)}`);
    const small = await send(people.admin, `/desk/outlets/${OUR}/import`, lines('小文', 200));
    suite.check('what one transaction holds is written at once', small.json.is_written && small.json.work === null, small.text.slice(0, 200));
    suite.equal('a reporter takes nothing in', (await send(people.reporter, `/desk/outlets/${OUR}/import`, lines('x', 1))).status, 404);
}

/** A command beside the server: its result on standard output, nothing else where standard error is no terminal. */
function command(alliance, words, input) {
    const child = spawn(program, words, { env: alliance.environment, stdio: ['pipe', 'pipe', 'pipe'] }), done = { out: '', err: '' };
    child.stdout.on('data', (part) => { done.out += part; });
    child.stderr.on('data', (part) => { done.err += part; });
    child.stdin.end(input);
    return new Promise((end) => child.on('close', (status) => end({ ...done, status })));
}

async function testCommand({ suite, alliance }) {
    const file = lines('命令', 1000), words = ['import', 'stories', '-', '--outlet', OTHER, '--json'];
    const first = await command(alliance, words, file), rows = first.out.trim().split('\n');
    suite.check('a command waits for the end', first.status === 0 && rows.length === 1000 && first.err === '', `${first.status} ${first.err} ${rows.length}`);
    const second = await command(alliance, words, file);
    suite.check('all of it is stored then', second.status === 0 && second.out.split('"same"').length === 1001, second.err);
    let rebuilt = await command(alliance, ['check', '--rebuild']);
    for (let tries = 1; rebuilt.status === 4 && tries < 5; tries++) rebuilt = await command(alliance, ['check', '--rebuild']); /* beside a server on PostgreSQL: nothing stored, try again */
    suite.check('the index is made anew by a command', rebuilt.status === 0 && rebuilt.err === '' && /\d/.test(rebuilt.out), `${rebuilt.status} ${rebuilt.err}${rebuilt.out}`);
    suite.equal('a check that is not built says so', (await command(alliance, ['check'])).status, 2);
}

async function testRebuild({ suite, people }) {
    const begun = await people.admin.post('/admin/long-work', { kind: 'search.rebuild' }, { json: true });
    suite.check('the index is made anew', begun.status === 200 && begun.json.url.startsWith('/admin/long-work/'), begun.text);
    await untilDone('the rebuild', people.admin, begun.json.url);
    suite.check('and answers', (await people.reader.get(`/search?q=${encodeURIComponent('命令999')}`, { json: true })).json.total === 1);
    suite.equal('an editor begins none', (await people.editor.post('/admin/long-work', { kind: 'search.rebuild' }, { json: true })).status, 403);
}

export async function testLongWork(world) {
    world = { ...world, people: { ...world.people, reader: world.reader } };
    await testStop(world);
    await testRefusals(world);
    await testCommand(world);
    await testRebuild(world);
}
