// tests/http/intake.mjs - links deposited by hand, and an outlet's feed read from a scripted server, seen from outside.
import { spawn } from 'node:child_process';
import http from 'node:http';
import { program } from '../lib/server.mjs';
import { OTHER, OUR, entryCount, escaped, until } from './lib.mjs';

const LONG = '河边的路修好了，施工队昨天撤走了最后一台机器。'.repeat(8);
const item = ({ id, title, path = '/' + id, text = '' }) =>
    `<item><guid isPermaLink="false">${id}</guid><title>${title}</title><link>https://x.example${path}</link><description>${text}</description></item>`;
const rss = (...items) => `<?xml version="1.0"?><rss version="2.0"><channel><title>院刊</title><link>https://x.example/</link><description/>${items.join('')}</channel></rss>`;

/** A command beside the site of this test: where no server takes it, it fetches by itself and must be answered. */
function command(alliance, words) {
    const child = spawn(program, words, { env: alliance.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const done = { out: '', err: '' };
    child.stdout.on('data', (part) => { done.out += part; });
    child.stderr.on('data', (part) => { done.err += part; });
    return new Promise((end) => child.on('close', (status) => end({ ...done, status })));
}

/** A server whose pages are functions of the request; counts what is asked. */
function peer(pages) {
    const seen = [];
    const server = http.createServer((req, res) => {
        seen.push({ path: req.url, headers: req.headers });
        const page = pages[req.url];
        if (!page) { res.writeHead(404).end(); return; }
        const { status = 200, headers = {}, body = '' } = page(req);
        res.writeHead(status, headers).end(body);
    });
    return new Promise((done) => server.listen(0, '127.0.0.1', () => done({ seen, url: `http://127.0.0.1:${server.address().port}`,
        close: () => new Promise((end) => { server.closeAllConnections(); server.close(end); }) })));
}

async function testByHand({ suite, people, reader }) {
    await reader.get(`/outlets/${OUR}`); /* it is in the cache then */
    const fields = { title: '路修好了', url: 'https://mp.example/s/1?utm_source=a#rd', date: '2026-01-05', text: LONG };
    const first = await people.reporter.post(`/outlets/${OUR}/deposits`, fields, { json: true });
    suite.check('a reporter deposits a link', first.status === 201 && first.json.outcome === 'new', `${first.status} ${first.text}`);
    suite.acted('deposit.made', first.json.id);
    const before = await entryCount(reader);
    const again = await people.editor.post(`/outlets/${OUR}/deposits`, { ...fields, url: 'http://mp.example/s/1' }, { json: true });
    suite.check('the same again is the same', again.status === 200 && again.json.outcome === 'same' && again.json.id === first.json.id, again.text);
    suite.equal('and no act', await entryCount(reader), before);
    const changed = await people.editor.post(`/outlets/${OUR}/deposits`, { ...fields, title: '路修好了（更新）' }, { json: true });
    suite.check('another title is the next version', changed.json.outcome === 'changed' && changed.json.version === 2, changed.text);
    const ours = await reader.get(`/outlets/${OUR}`);
    suite.check('the outlet\'s own page shows it at once, with its place and card', ours.text.includes(escaped('路修好了（更新）')) && ours.text.includes('mp.example') && ours.text.includes(`href="${first.json.url}"`));
    suite.check('another outlet\'s does not', !(await reader.get(`/outlets/${OTHER}`)).text.includes(escaped('路修好了（更新）')));
    const copy = await people.author.post(`/outlets/${OTHER}/deposits`, { title: '转载：路修好了', url: 'https://other.example/9', text: LONG }, { json: true });
    suite.equal('the same text at another outlet is the same card', copy.json.card, first.json.id);
    const page = await reader.get(first.json.url), card = await reader.get(first.json.url, { json: true });
    suite.check('the card names both outlets', card.json.outlets === 2 && card.json.items.length === 2, page.text.slice(0, 300));
    suite.check('the link out says what it is', page.text.includes('rel="external noopener nofollow"'));
    suite.check('no text is kept', !page.text.includes('施工队') && !card.text.includes('施工队'));
    const diff = await reader.get(`/deposits/${first.json.id}/diff/1..2`);
    suite.check('the difference is public', diff.status === 200 && diff.text.includes('<ins>（更新）</ins>'), diff.text.slice(-900));
    const moved = await reader.get(`/deposits/${copy.json.id}`);
    suite.check('the other deposit leads to the card', [200, 303].includes(moved.status), moved.status);
    for (const path of ['/deposits', `/deposits?outlet=${OUR}`, `/deposits?outlet=${OTHER}`])
        suite.check(`${path} shows it`, (await reader.get(path)).text.includes(escaped('路修好了（更新）')));
    const bad = await people.reporter.post(`/outlets/${OUR}/deposits`, { title: 'x', url: 'javascript:alert(1)' });
    suite.check('a link that is none comes back with its sentence', bad.status === 422 && bad.text.includes('http://'), bad.status);
    suite.equal('a date to come is refused', (await people.reporter.post(`/outlets/${OUR}/deposits`, { title: 'x', url: 'https://a.example/1', date: '2999-01-01' }, { json: true })).status, 422);
    suite.equal('an unknown outlet has no list', (await reader.get('/deposits?outlet=NONE')).status, 404);
}

const feedOf = async (client, id) => (await client.get(`/admin/feeds/${id}`, { json: true })).json;
const fetched = (client, id, count) => until(`fetch ${count} of the feed`, async () => {
    const json = await feedOf(client, id);
    return json.fetches.length >= count ? json : null;
});

async function testFeed({ suite, alliance, people, reader }) {
    let items = [item({ id: 'a', title: '第一则', text: LONG.replaceAll('河边', '湖边') }), item({ id: 'b', title: '第二则' })];
    const site = await peer({
        '/feed': () => ({ headers: { 'Content-Type': 'application/rss+xml', ETag: '"1"' }, body: rss(...items) }),
        '/page': () => ({ headers: { 'Content-Type': 'text/html' }, body: '<html><script>alert(1)</script></html>' }),
        '/gone': () => ({ status: 410 }),
    });
    try {
        const done = await command(alliance, ['feed', 'add', site.url + '/feed', '--outlet', OUR, '--json']);
        suite.equal(`feed add ends with 0 ${done.err}`, done.status, 0);
        const { id } = JSON.parse(done.out);
        let feed = await fetched(people.editor, id, 1);
        suite.check('the outlet\'s editor sees what came', feed.fetches[0].fresh === 2 && feed.feed.look === 'ok', JSON.stringify(feed));
        suite.check('the program says its name', /^Liandong\//.test(site.seen[0].headers['user-agent']), site.seen[0].headers['user-agent']);
        const list = (await reader.get(`/deposits?outlet=${OUR}`, { json: true })).json.deposits;
        suite.check('both items are deposited', list.some((one) => one.title === '第一则') && list.some((one) => one.title === '第二则'));
        items = [item({ id: 'a', title: '第一则，更正' }), item({ id: 'b', title: '第二则' }), item({ id: 'c', title: '<b>第三则</b><script>x()</script>'.replaceAll('<', '&lt;') })];
        for (let reads = 0; reads < 2; reads++) await reader.get(`/outlets/${OUR}`); /* it is in the cache then */
        for (const act of ['pause', 'resume']) suite.equal(act, (await people.editor.post(`/admin/feeds/${id}/${act}`, {}, { json: true })).status, 200);
        feed = await fetched(people.editor, id, 2);
        suite.check('one is changed, one is new', feed.fetches[0].fresh === 1 && feed.fetches[0].changed === 1, JSON.stringify(feed.fetches));
        const shown = await until('the outlet shows it', async () => (await reader.get(`/outlets/${OUR}`)).text.includes('第一则，更正'), 60).catch(() => false);
        suite.check('a cached page of the outlet shows what a poll brought', shown);
        suite.check('and it was asked conditionally', site.seen.at(-1).headers['if-none-match'] === '"1"');
        const page = await reader.get(`/deposits?outlet=${OUR}`);
        suite.check('nothing of a feed runs', !page.text.includes('<script>x()'), 'script');
        suite.equal('fetch now', (await people.editor.post(`/admin/feeds/${id}/fetch`, {}, { json: true })).status, 200);
        const lines = (await command(alliance, ['feed', 'list', '--json'])).out.trim().split('\n').map((line) => JSON.parse(line));
        suite.check('feed list tells of it', lines.some((one) => one.id === id && one.said === 'The feed was read.'), JSON.stringify(lines));
        for (const [path, said] of [['/page', 'no feed'], ['/missing', 'no feed at this address'], ['/gone', 'gone for good']]) {
            const added = await people.admin.post('/admin/feeds', { outlet: OUR, url: site.url + path }, { json: true });
            const one = await fetched(people.admin, added.json.id, 1);
            suite.check(`${path} is told in a sentence`, one.feed.said.includes(said) && one.advice.length > 10 && one.waits.length > 10, JSON.stringify(one.feed));
        }
        await testOpml({ suite, people, site });
        suite.equal('feed poll --now', (await command(alliance, ['feed', 'poll', '--now'])).status, 0);
        for (const one of (await people.admin.get('/admin/feeds', { json: true })).json.feeds)
            if (one.state !== 'ended') suite.equal('end', (await people.admin.post(`/admin/feeds/${one.id}/end`, {}, { json: true })).status, 200);
    } finally {
        await site.close();
    }
}

async function upload(client, fields, file) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ csrf: client.csrf, ...fields })) form.append(name, value);
    form.append('file', new Blob([file]), 'feeds.opml');
    const body = new Response(form);
    return client.request('POST', '/admin/feeds/import', { json: true, body: Buffer.from(await body.arrayBuffer()),
        headers: { 'Content-Type': body.headers.get('content-type'), Origin: client.alliance.origin } });
}

async function testOpml({ suite, people, site }) {
    const opml = (...urls) => `<opml version="2.0"><body>${urls.map((url) => `<outline text="t" xmlUrl="${url}"/>`).join('')}</body></opml>`;
    const good = opml(site.url + '/l1', site.url + '/l2'), bad = opml(site.url + '/l3', 'javascript:1');
    const dry = await upload(people.editor, { outlet: OUR, dry_run: '1' }, good);
    suite.check('a dry run writes nothing', dry.status === 200 && dry.json.new_count === 2 && !dry.json.is_written, dry.text);
    const refused = await upload(people.editor, { outlet: OUR }, bad);
    suite.check('one bad row: nothing is written and it is named', refused.status === 422 && refused.json.refused_count === 1 && !refused.json.is_written, refused.text);
    const done = await upload(people.editor, { outlet: OUR }, good), again = await upload(people.editor, { outlet: OUR }, good);
    suite.check('all are taken in', done.json.is_written && done.json.new_count === 2, done.text);
    suite.check('a second time changes nothing', !again.json.is_written && again.json.same_count === 2, again.text);
    const out = await people.editor.get('/admin/feeds.opml');
    suite.check('and come out again', out.text.includes(site.url + '/l1') && !out.text.includes('/l3'), out.text);
    suite.check('an editor sees the own outlet\'s only', (await people.releaser.get('/admin/feeds', { json: true })).json.feeds.every((one) => one.outlet.no === OTHER));
}

export async function testIntake(world) {
    await testByHand(world);
    await testFeed(world);
}
