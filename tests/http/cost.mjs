// tests/http/cost.mjs - what each page costs: statements and bytes of memory, at 54 outlets and at a hundred times the rows.
// cost.json holds the bounds (sql, arena) of each page; `LIANDONG_COST=write` writes them anew from what is measured.
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, wallTime } from '../lib/server.mjs';
import { OUR, assignedPitch, makeStory, until } from './lib.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const boundsFile = join(here, 'cost.json');
const scale = Number(process.env.LIANDONG_COST_SCALE ?? 1); /* below 1 only to look at the bounds quickly */
const OUTLETS = Math.round(5346 * scale);
const STORIES = [[OUR, 6000], ['CC002', 4000], ['CC013', 4000], ['CC010', 4000]]
    .map(([no, count]) => [no, Math.round(count * scale)]);
const FIRST = 70; /* so that each list is full before the rows are multiplied */

/** [who, path]; each is measured as a page. */
function pagesOf(ids) {
    const readers = ['/', '/outlets', `/outlets/${OUR}`, `/articles/${ids.story}`, `/articles/${ids.story}/versions`,
        `/articles/${ids.story}/slip`, `/articles/${ids.story}/spread`, `/outlets/${OUR}/carried`, `/articles/${ids.story}/versions/1`, `/articles/${ids.story}/diff/1..2`, '/corrections', `/search?q=${encodeURIComponent('课程')}`,
        `/search?q=${encodeURIComponent('课')}&outlet=${OUR}`, '/refusals', '/refusals/R7', '/deposits', `/deposits?outlet=${OUR}`, `/deposits/${ids.deposit}`, `/deposits/${ids.deposit}/diff/1..2`, '/log', '/log/key', '/log/checkpoint', '/log/tile/0/000', '/log/tile/entries/000',
        '/feed.atom', '/feed.rss', '/feed.json', `/outlets/${OUR}/feed.atom`, `/outlets/${OUR}/feed.rss`, `/outlets/${OUR}/feed.json`, '/signin', '/signin/code', '/nothing'];
    return [
        ...readers.map((path) => ['reader', path]),
        ...['/desk', '/desk/articles', `/desk/articles?outlet=${OUR}`, `/desk/articles/${ids.story}`, `/desk/articles/${ids.story}/edit`, `/desk/articles/${ids.story}/proof`, `/desk/outlets/${OUR}/proof`,
            `/desk/articles/new?outlet=${OUR}`, `/desk/outlets/${OUR}/media`, `/desk/outlets/${OUR}/deposits`, `/desk/outlets/${OUR}/offers`, `/desk/articles/${ids.story}/spread`, `/desk/outlets/${OUR}/review`, `/desk/outlets/${OUR}/handover`, `/desk/outlets/${OUR}/pitches`, `/desk/pitches/${ids.pitch}`, `/desk/assignments/${ids.assignment}`, `/desk/calendar?outlet=${OUR}&view=month`, '/account', '/account/confirm', '/account/factor', '/account/tokens'].map((path) => ['editor', path]),
        ...['/admin/outlets', `/admin/outlets/${OUR}`, '/admin/outlets/new', '/admin/outlets/import', '/admin/people', `/admin/people/${ids.person}`,
            '/admin/units', '/admin/settings', '/admin/feeds', `/admin/feeds/${ids.feed}`, '/admin/jobs', '/admin/reviews', `/admin/outlets/${OUR}/review`, '/desk'].map((path) => ['admin', path]),
        ...['/desk', '/desk/articles'].map((path) => ['chief', path]),
        ['reader', ids.calendar],
    ];
}

/** The statements of the middle of three looks, for once in ten minutes one notes the session's use; the memory of the dearest. Ids become names. */
const middle = (numbers) => numbers.sort((a, b) => a - b)[1];

async function measure({ reader, people }, ids) {
    const out = {};
    for (const [who, path] of pagesOf(ids)) {
        const client = who === 'reader' ? reader : people[who], name = `${who} ${path.replace(ids.story, '{story}').replace(ids.person, '{person}').replace(ids.deposit, '{deposit}').replace(ids.feed, '{feed}').replace(ids.pitch, '{pitch}').replace(ids.assignment, '{assignment}').replace(ids.calendar, '/calendar/{token}.ics')}`;
        const tries = [];
        for (const coding of ['identity', 'br', 'gzip']) { /* each its own entry in the page cache */
            const start = performance.now();
            const answer = await client.get(path, { headers: { 'Accept-Encoding': coding, 'If-None-Match': '"none"' } });
            tries.push({ ...answer.cost, status: answer.status, ms: performance.now() - start });
        }
        out[name] = { sql: middle(tries.map((one) => one.sql)), arena: Math.max(...tries.map((one) => one.arena)),
            ms: Math.min(...tries.map((one) => one.ms)), status: tries[0].status };
    }
    return out;
}

const words = ['课程', '图书馆', '宿舍', '食堂', '操场', '实验室', '讲座', '社团', '校车', '选课', '奖学金', '毕业'];

/** Stories of one length and of all dates, so that a list at the top is the same kind of list with more rows below. */
function storyLines(no, count, salt) {
    const lines = [];
    for (let i = 0; i < count; i++) {
        const pick = (n) => words[(i * 7 + n * 5 + salt) % words.length];
        const day = new Date(Date.UTC(2021, 0, 1) + ((i * 7919 + salt) % 1700) * 86400000).toISOString().slice(0, 10);
        lines.push(JSON.stringify({ title: `${pick(1)}与${pick(2)}，第${salt}-${i}号`, date: day, url: `https://old.invalid/${no}/${salt}/${i}`,
            text: `这是一则关于${pick(3)}和课程的旧闻。${pick(4)}门口的时间表改了，${pick(5)}也跟着改。`.repeat(3) }));
    }
    return lines.join('\n') + '\n';
}

function importStories({ alliance, suite }, no, count, salt) {
    const done = alliance.runPatiently(['import', 'stories', '-', '--outlet', no, '--json'], { input: storyLines(no, count, salt) });
    suite.check(`${count} stories of ${no} are imported`, done.status === 0, `${done.status} ${done.err} ${done.out.slice(0, 300)}`);
}

/** Rows like those of the demo's roster, in its units. */
function importOutlets({ alliance, suite }) {
    const [head, ...rows] = readFileSync(join(root, 'demo/outlets.csv'), 'utf8').trim().split('\n');
    const names = head.split(','), at = (name) => names.indexOf(name), lines = [head];
    for (let i = 0; i < OUTLETS; i++) {
        const cells = rows[i % rows.length].split(',');
        if (cells.length !== names.length) continue; /* a quoted cell: another row takes its place */
        cells[at('备案号')] = `ZZ${10000 + i}`;
        cells[at('名称')] = `${cells[at('名称')].slice(0, 8)}分站${i}号`;
        cells[at('平台账号')] = `branch-${i}`;
        lines.push(cells.join(','));
    }
    const done = alliance.runPatiently(['import', 'outlets', '-', '--json'], { input: lines.join('\n') + '\n' });
    suite.check(`${lines.length - 1} outlets are imported`, done.status === 0 && lines.length > OUTLETS * 0.9, `${done.status} ${done.err} ${done.out.slice(0, 300)}`);
    return lines.length - 1;
}

/** The commands held this program for longer than http.idle_ms: its connections were closed meanwhile. */
async function wakeConnections(alliance) {
    for (let i = 0; i < 3; i++) await fetch(alliance.origin + '/healthz').catch(() => null);
}

/** A site with as many feeds as one asks for: /SALT/FEED/ITEMS. */
function feedSite() {
    const server = http.createServer((req, res) => {
        const [, salt, feed, count] = req.url.split('/');
        const items = Array.from({ length: Number(count) }, (_, i) => `<item><guid isPermaLink="false">${salt}-${feed}-${i}</guid>` +
            `<title>${words[i % words.length]}，第${salt}-${feed}-${i}号</title><link>https://old.invalid/${salt}/${feed}/${i}</link></item>`);
        res.end(`<rss version="2.0"><channel><title>${feed}</title><link>https://old.invalid/</link><description/>${items.join('')}</channel></rss>`);
    });
    return new Promise((done) => server.listen(0, '127.0.0.1', () => done({ url: `http://127.0.0.1:${server.address().port}`,
        close: () => { server.closeAllConnections(); server.close(); } })));
}

/** Feeds of these outlets, each with so many items, until all are read. */
async function addFeeds({ people, suite, alliance }, salt, outlets, feeds, items) {
    const site = await feedSite();
    await wakeConnections(alliance);
    for (const no of outlets) {
        const opml = Array.from({ length: feeds }, (_, i) => `<outline xmlUrl="${site.url}/${salt}/${no}-${i}/${items}"/>`).join('');
        const form = new FormData();
        for (const [name, value] of Object.entries({ csrf: people.admin.csrf, outlet: no })) form.append(name, value);
        form.append('file', new Blob([`<opml version="2.0"><body>${opml}</body></opml>`]), 'f.opml');
        const body = new Response(form);
        const done = await people.admin.request('POST', '/admin/feeds/import', { json: true, body: Buffer.from(await body.arrayBuffer()),
            headers: { 'Content-Type': body.headers.get('content-type'), Origin: people.admin.alliance.origin } });
        suite.check(`${feeds} feeds of ${no} are added`, done.status === 200 && done.json.is_written, done.text);
    }
    await until('the feeds', async () => {
        const { counts } = (await people.admin.get('/admin/jobs', { json: true })).json;
        return counts.ready + counts.leased === 0;
    }, 2400);
    site.close();
}

async function waitForIndex({ people, alliance }) {
    await wakeConnections(alliance);
    await until('the search index', async () => {
        const { json } = await people.admin.get('/admin/jobs', { json: true });
        return json.jobs.every((job) => job.kind !== 'search.index') && json.counts.ready + json.counts.leased === 0; /* feeds wait for their hour */
    }, 2400);
    await until('the log', async () => (await people.admin.get('/log', { json: true })).json.pending === 0, 2400);
}

/** Reviews of all that are due, as many as one act opens. */
async function openReviews({ suite, people }) {
    const day = new Date(Date.now() + 30 * 86400000).toISOString(), start = Date.now();
    const opened = await people.admin.post('/admin/reviews', { year: day.slice(0, 4) - (day.slice(5, 7) === '01' ? 1 : 0), answer_by: day.slice(0, 10) }, { json: true });
    suite.check('reviews are opened', opened.status === 200 && opened.json.opened > 0, opened.text);
    console.log(`  ${opened.json.opened} reviews opened in ${Date.now() - start} ms, ${opened.json.left} left`);
}

/** A story with two versions and a correction, a waiting one, a draft; the lists are full. */
async function prepare(world) {
    const { suite, people, reader } = world, team = { author: people.reporter, releaser: people.editor };
    importStories(world, OUR, FIRST, 1);
    for (const no of ['CC002', 'CC013', 'CC010']) importStories(world, no, FIRST, 2);
    for (let i = 0; i < 25; i++) await makeStory(suite, { ...team, title: `Cost: waits ${i}`, to: 'submitted' });
    for (let i = 0; i < 25; i++) await makeStory(suite, { author: people.editor, title: `Cost: mine ${i}`, to: 'draft' });
    const later = await makeStory(suite, { ...team, title: 'Cost: planned', to: 'submitted' });
    const planned = await people.editor.post(`/articles/${later.id}/plan`, { version: later.version, plan_at: '2035-01-01T08:00' }, { json: true });
    suite.equal('a story is planned', planned.status, 200);
    const first = await makeStory(suite, { ...team, title: 'Cost: the story', text: 'One. '.repeat(200) });
    const next = await people.reporter.post(`/articles/${first.id}`, { version: first.version, kind: '消息', title: 'Cost: the story', text: 'Two. '.repeat(200), note: 'n' }, { json: true });
    const sent = await people.reporter.post(`/articles/${first.id}/submit`, { version: next.json.version }, { json: true });
    const released = await people.editor.post(`/articles/${first.id}/release`, { version: sent.json.version }, { json: true });
    suite.equal('the story has two versions', released.status, 200);
    await addFeeds(world, 1, [OUR, 'CC002', 'CC013'], 35, 10);
    const deposit = await people.reporter.post(`/outlets/${OUR}/deposits`, { title: 'Cost', url: 'https://cost.example/1' }, { json: true });
    await people.reporter.post(`/outlets/${OUR}/deposits`, { title: 'Cost, changed', url: 'https://cost.example/1' }, { json: true });
    const feeds = (await people.admin.get('/admin/feeds', { json: true })).json.feeds;
    let pitch;
    for (let i = 0; i < 55; i++) pitch = await people.reporter.post(`/outlets/${OUR}/pitches`, { title: `Cost: pitch ${i}`, why: 'Why.' }, { json: true });
    for (let i = 0; i < 20; i++) await people.editor.post(`/pitches/${pitch.json.id}/notes`, { text: `Note ${i}` }, { json: true });
    const calendar = await people.editor.post(`/outlets/${OUR}/calendar`, {}, { json: true });
    let assignment;
    for (let i = 0; i < 55; i++) ({ assignment } = await assignedPitch(people, { due_at: wallTime(2000), due_zone: 'Asia/Shanghai' }));
    const { json } = await people.admin.get('/admin/people?login=tang.yizhou', { json: true });
    for (let i = 0; i < 12; i++) { /* so that the list of reviews is full, and one outlet is due after it */
        if (i === 11) await openReviews(world);
        const filed = await people.admin.post('/admin/outlets', { no: `YY-${i}`, name: `试刊${i}号`, platform: '微信', tier: '三级', unit: '文学院' }, { json: true });
        suite.equal('an outlet more', filed.status, 201);
    }
    await waitForIndex(world);
    suite.check('the index finds what came in', (await reader.get(`/search?q=${encodeURIComponent('课程')}`, { json: true })).json.total > FIRST);
    return { story: first.id, person: json.people[0].id, deposit: deposit.json.id, feed: feeds[0].id, pitch: pitch.json.id, assignment, calendar: new URL(calendar.json.link).pathname };
}

export async function testCost(world) {
    const { suite, driver } = world, start = Date.now();
    const ids = await prepare(world), small = await measure(world, ids);
    const outlets = importOutlets(world);
    await openReviews(world);
    for (const [no, count] of STORIES) importStories(world, no, count, 3);
    await addFeeds(world, 2, [OUR, 'CC002', 'CC013', 'CC010'], 15, Math.round(100 * scale));
    await waitForIndex(world);
    const seconds = ((Date.now() - start) / 1000).toFixed(0);
    const large = await measure(world, ids), all = JSON.parse(readFileSync(boundsFile, 'utf8')), bounds = all[driver] ?? {};
    for (const [name, one] of Object.entries(small)) {
        const many = large[name];
        suite.check(`${name} answers`, [200, 404].includes(one.status) && many.status === one.status, `${one.status} ${many.status}`);
        suite.check(`${name} says its cost`, Number.isFinite(one.sql) && Number.isFinite(one.arena) && Number.isFinite(many.sql));
        suite.equal(`${name}: as many statements at 100 times the rows`, many.sql, one.sql);
        suite.check(`${name}: at most 1.3 times the memory`, many.arena <= one.arena * 1.3, /* buffers grow by doubling */ `${one.arena} ${many.arena}`);
        if (process.env.LIANDONG_COST === 'write') continue;
        const bound = bounds[name];
        suite.check(`${name} has a bound`, bound !== undefined);
        if (bound) suite.check(`${name} keeps its bound`, many.sql <= bound.sql && many.arena <= bound.arena, `${JSON.stringify(many)} over ${JSON.stringify(bound)}`);
        suite.check(`${name} is answered soon`, many.ms < 1000, `${many.ms.toFixed(0)} ms`);
    }
    if (process.env.LIANDONG_COST === 'write') {
        all[driver] = Object.fromEntries(Object.entries(large).map(([name, one]) => [name, { sql: one.sql, arena: Math.ceil(one.arena * 1.1 / 1000) * 1000 }]));
        const text = '{\n' + Object.entries(all).map(([word, rows]) => ` "${word}": {\n` + Object.entries(rows).map(([name, one]) =>
            `  ${JSON.stringify(name)}: ${JSON.stringify(one)}`).join(',\n') + '\n }').join(',\n') + '\n}\n';
        writeFileSync(boundsFile, text);
    }
    const slow = Object.entries(large).sort((a, b) => b[1].ms - a[1].ms).slice(0, 8).map(([name, one]) => `${name} ${one.ms.toFixed(0)} (${small[name].ms.toFixed(0)})`);
    console.log(`  ${Object.keys(large).length} pages; ${outlets} outlets and ${STORIES.reduce((sum, [, n]) => sum + n, 0)} stories more, in ${seconds} s`);
    console.log(`  slowest in ms (before): ${slow.join('; ')}`);
}
