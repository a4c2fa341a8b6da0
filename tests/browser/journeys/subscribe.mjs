// tests/browser/journeys/subscribe.mjs - an editor has an outlet's feed read: from a page's address to versions, pauses and lists.
import { createHmac } from 'node:crypto';
import http from 'node:http';
import { Visit } from '../visit.mjs';

export const sentence = 'An editor gives the address of a page, its feed is read, what changes becomes a version; paused, resumed, ended; a list with faults is refused row by row';

const item = ({ id, title }) => `<item><guid isPermaLink="false">${id}</guid><title>${title}</title><link>https://mp.example/${id}</link></item>`;

/** A site whose page names its feed, which says what state holds; its hub keeps what it was asked. */
function startSite(state) {
    const server = http.createServer((req, res) => {
        const isFeed = req.url === '/feed.xml', parts = [];
        if (req.url === '/hub') {
            req.on('data', (part) => parts.push(part));
            req.on('end', () => { state.asked = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString())); res.writeHead(202).end(); });
            return;
        }
        const link = isFeed && state.hasHub ? { Link: '</hub>; rel=hub, </feed.xml>; rel=self' } : {};
        res.writeHead(200, { 'Content-Type': isFeed ? 'application/rss+xml' : 'text/html', ...link }).end(isFeed
            ? `<rss version="2.0"><channel><title>${state.title}</title><link>https://mp.example/</link><description/>${state.items.map(item).join('')}</channel></rss>`
            : '<!doctype html><title>A page</title><link rel="alternate" type="application/rss+xml" href="/feed.xml"><p>News');
    });
    return new Promise((done) => server.listen(0, '127.0.0.1', () => done({ url: `http://127.0.0.1:${server.address().port}`,
        close: () => new Promise((end) => { server.closeAllConnections(); server.close(end); }) })));
}

/** The page of the feed is read again until it says so, at most 20 s. */
async function until(visit, path, sentence) {
    for (const end = Date.now() + 20000; ;) {
        await visit.go(path);
        const text = await visit.text();
        if (text.includes(sentence)) return text;
        if (Date.now() > end) throw new Error(`"${sentence}" did not come: ${text.slice(0, 800)}`);
        await new Promise((done) => setTimeout(done, 200));
    }
}

async function addsFeed(visit, site, state) {
    await visit.go('/desk/outlets/CC001/deposits');
    await visit.follow(visit.link('/admin/feeds'));
    await visit.look('feeds');
    await visit.send('/admin/feeds', { outlet: 'CC001', url: 'https://user:secret@mp.example/' }, 422);
    visit.equal('what was typed stays', await visit.field('outlet').inputValue(), 'CC001');
    await visit.refusedAt('an address with a password', 'url', visit.words('Give the address without a name and password.'));
    await visit.look('feeds, refused');
    await visit.send('/admin/feeds', { outlet: 'CC001', url: site.url + '/' });
    const path = visit.path;
    visit.check('the feed has a page of its own', /^\/admin\/feeds\/\d+$/.test(path), path);
    const text = await until(visit, path, state.title);
    visit.check('the feed that the page names is read', text.includes(site.url + '/feed.xml') && text.includes(visit.words('The feed was read.')), text.slice(0, 600));
    visit.check('that it was found on a page stands among the fetches', text.includes(visit.words('This is a page for people; the feed that it names is read instead.')), text);
    await visit.look('feed');
    await visit.keep(`subscribe-${visit.lang}-feed`);
    await visit.send('/fetch');
    visit.equal('fetching now leads back to the feed', visit.path, path);
    return path;
}

async function readsDeposits(visit, state) {
    await visit.go('/outlets/CC001');
    await visit.shows('the outlet\'s page shows what was taken in', state.items[0].title);
    await visit.look('outlet with deposits');
    await visit.keep(`subscribe-${visit.lang}-outlet`);
    await visit.follow(visit.main.getByRole('link', { name: state.items[0].title, exact: true }));
    await visit.shows('its card says how it came', visit.words("from the outlet's feed"));
    await visit.look('deposit');
    return visit.path;
}

async function seesChange(visit, path, card, state) {
    const before = state.items[0].title, after = `${before}，更正`;
    state.items[0].title = after;
    await visit.go(path);
    await visit.send('/pause');
    await visit.shows('a paused feed says so', visit.words('paused'));
    await visit.shows('and what to do', visit.words('Resume it when it is to be read again.'));
    visit.equal('it cannot be fetched', await visit.form('/fetch').count(), 0);
    await visit.look('feed, paused');
    await visit.send('/resume');
    for (const end = Date.now() + 20000; !(await visit.text()).includes(after) && Date.now() < end;) await visit.go(card);
    await visit.shows('the changed item is the next version', visit.words('Version {n}', { n: '2' }));
    await visit.look('deposit with versions');
    await visit.follow(visit.main.getByRole('link', { name: visit.words('what changed') }).first());
    visit.check('the difference marks what was put in', (await visit.main.locator('ins').allInnerTexts()).includes('，更正'), await visit.text());
    await visit.look('difference of a deposit');
}

/** The feed names a hub from now on: it agrees, brings one story, and somebody else brings another. */
async function hasHub(visit, path, site, state) {
    state.hasHub = true;
    state.items[1].title += '，改';
    await visit.go(path);
    await visit.send('/pause');
    await visit.send('/resume');
    await until(visit, path, visit.words('It is being asked to bring what is new.'));
    for (const end = Date.now() + 20000; !state.asked && Date.now() < end;) await new Promise((done) => setTimeout(done, 50));
    await visit.look('feed with a hub that is asked');
    const callback = visit.origin + new URL(state.asked['hub.callback']).pathname;
    const answer = await fetch(`${callback}?${new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.topic': state.asked['hub.topic'], 'hub.challenge': 'x', 'hub.lease_seconds': '864000' })}`);
    visit.check('the hub hears that it was meant', answer.status === 200 && await answer.text() === 'x', answer.status);
    const title = `枢纽送来的一则 ${visit.lang}`, body = `<rss version="2.0"><channel><title>${state.title}</title>${item({ id: `h-${visit.lang}`, title })}</channel></rss>`;
    for (const secret of ['guessed', state.asked['hub.secret']])
        await fetch(callback, { method: 'POST', body, headers: { 'Content-Type': 'application/rss+xml', 'X-Hub-Signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` } });
    await visit.go(path);
    await visit.shows('the page says that the hub brings what is new', visit.words('It brings what is new at once; the feed is fetched once a day to be sure.'));
    await visit.shows('and what was refused', visit.words('Something came with a wrong signature and was not taken in.'));
    await visit.shows('and until when it is agreed', visit.words('Agreed until'));
    await visit.look('feed with a hub');
    await visit.keep(`subscribe-${visit.lang}-hub`);
    await visit.go('/outlets/CC001');
    await visit.shows('what the hub brought stands on the outlet\'s page', title);
}

async function takesList(visit, site) {
    const list = (...rows) => ({ name: 'feeds.opml', mimeType: 'text/x-opml', buffer: Buffer.from(
        `<opml version="2.0"><body>\n${rows.map(([text, url]) => `<outline text="${text}" xmlUrl="${url}"/>`).join('\n')}\n</body></opml>`) });
    await visit.go('/admin/feeds');
    const good = [`好的 ${visit.lang}`, `${site.url}/one-${visit.lang}`], bad = [['没有协议', 'mp.example/feed'], ['脚本', 'javascript:alert(1)'], ['带密码', 'https://a:b@mp.example/']];
    await visit.send('/admin/feeds/import', { outlet: 'CC001', file: list(good, ...bad) }, 422);
    const rows = await visit.main.getByRole('row').allInnerTexts();
    visit.equal('each row of the list is reported', rows.length, 5);
    visit.equal('each fault with its reason', rows.filter((row) => row.includes(visit.words('refused'))).length, 3);
    await visit.shows('and nothing is written', visit.words('Nothing was written.'));
    await visit.look('list of feeds refused');
    await visit.keep(`subscribe-${visit.lang}-report`);
    await visit.go('/admin/feeds');
    await visit.hides('no feed of it is there', `/one-${visit.lang}`);
    await visit.send('/admin/feeds/import', { outlet: 'CC001', file: { name: 'x.opml', mimeType: 'text/x-opml', buffer: Buffer.from('no list') } }, 422);
    visit.check('what is no list is told so', (await visit.main.getByRole('alert').count()) + (await visit.main.locator('.err').count()) > 0, await visit.text());
    await visit.go('/admin/feeds');
    await visit.send('/admin/feeds/import', { outlet: 'CC001', file: list(good) });
    await visit.shows('a good one is', visit.words('All rows were taken in.'));
    await visit.look('list of feeds taken');
}

/** All that this journey began, so that the next one finds no feed of its site. */
async function endsAll(visit, site) {
    for (;;) {
        await visit.go('/admin/feeds');
        const open = visit.main.getByRole('row').filter({ hasNotText: visit.words('ended') }).locator('a[href^="/admin/feeds/"]');
        if (await open.count() === 0) break;
        await visit.follow(open.first());
        await visit.send('/end');
        await visit.shows('an ended feed says that its deposits stay', visit.words('Its deposits stay. To read it again, add it anew.'));
    }
    await visit.look('feed, ended');
    visit.check('the site was this machine\'s own', site.url.startsWith('http://127.0.0.1:'));
}

export async function run(world, setting, told) {
    const visit = await Visit.open(world, setting, told);
    const state = { title: `公众号 ${setting.lang}`, items: [{ id: `a-${setting.lang}`, title: `河边的路修好了 ${setting.lang}` }, { id: `b-${setting.lang}`, title: `图书馆延长开放 ${setting.lang}` }] };
    const site = await startSite(state);
    try {
        await visit.signIn('pei.qinghe');
        const path = await addsFeed(visit, site, state);
        await seesChange(visit, path, await readsDeposits(visit, state), state);
        await hasHub(visit, path, site, state);
        await takesList(visit, site);
        await endsAll(visit, site);
        await visit.isInLog('that a feed was added is an entry of the log', 'Feed added', 'CC001');
    } catch (error) {
        await visit.keep(`subscribe-${setting.lang}`);
        throw error;
    } finally {
        await visit.close();
        await site.close();
    }
}
