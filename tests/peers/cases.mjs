// tests/peers/cases.mjs - 54 feeds: what each server does, and what its outlet's page has to say of it.
import { deflateSync, gzipSync } from 'node:zlib';

const MEBI = 1 << 20;
const item = (id, title = `第${id}则`, more = '') =>
    `<item><guid isPermaLink="false">${id}</guid><title>${title}</title><link>https://x.example/HOST/${id}</link>${more}</item>`;
const rss = (...items) => `<?xml version="1.0"?><rss version="2.0"><channel><title>院刊</title><link>https://x.example/</link><description/>${items.join('')}</channel></rss>`;
const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>院刊</title><id>urn:f</id><updated>2026-11-01T08:00:00Z</updated>
<entry><id>urn:1</id><title>甲</title><link href="https://x.example/HOST/1"/><updated>2026-11-01T08:00:00Z</updated></entry>
<entry><id>urn:2</id><title>乙</title><link href="https://x.example/HOST/2"/><updated>2026-11-02T08:00:00Z</updated></entry></feed>`;
const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="https://x.example/"><title>院刊</title></channel>
<item rdf:about="https://x.example/HOST/1"><title>甲</title><link>https://x.example/HOST/1</link></item></rdf:RDF>`;
const json = JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: '院刊', items: [1, 2].map((id) => ({ id: String(id), title: `第${id}则`, url: `https://x.example/HOST/${id}`, content_text: '正文。' })) });
const entities = `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "${'ha'.repeat(50)}">${'bcdefghij'.split('').map((name, i) =>
    `<!ENTITY ${name} "${`&${'abcdefghi'[i]};`.repeat(10)}">`).join('')}]>${rss(item('e', '笑 &j;')).slice(21)}`;
const gbk = rss(item('g', '\xba\xd3\xb1\xdf\xb5\xc4\xc2\xb7\xd0\xde\xba\xc3\xc1\xcb')).replace('院刊', 'f'); // 河边的路修好了, a byte a letter

const said = {
    taken: ['The feed was read.', 'Nothing is to be done.'],
    same: ['The feed is the same, byte for byte.', 'Nothing is to be done.'],
    unchanged: ['The site said that nothing has changed.', 'Nothing is to be done.'],
    notFeed: ['What came is no feed: perhaps a page for people, or a sign-in.', 'Look at the address in a browser. If it has changed, end this feed and add the new one.'],
    tooMuch: ['The feed is larger than this server reads.', 'Ask whoever runs that site for a feed with fewer items.'],
    gone: ['The site says that the feed is gone for good.', 'The feed has ended. If there is another one, add it.'],
    missing: ['There is no feed at this address.', 'Look at the address in a browser. If it has changed, end this feed and add the new one.'],
    barred: ['The site does not let us read the feed.', 'Ask whoever runs that site. Until then it is tried again, ever more seldom.'],
    lessOften: ['The site asks us to come less often.', 'Nothing is to be done: it is tried again by itself.'],
    fault: ['The site has a fault of its own.', 'Nothing is to be done: it is tried again by itself.'],
    useless: ['The site gave an answer that is of no use.', 'Look at the address in a browser. If it has changed, end this feed and add the new one.'],
    refusedRedirect: ['The site sends on to an address that the server does not go to.', 'Look at the address in a browser. If it has changed, end this feed and add the new one.'],
    loop: ['The site sends on too often.', 'Look at the address in a browser. If it has changed, end this feed and add the new one.'],
    late: ['The site did not answer in time.', 'Nothing is to be done: it is tried again by itself.'],
    slow: ['The site answers too slowly.', 'Nothing is to be done: it is tried again by itself.'],
    large: ['The answer is larger than this server reads.', 'Ask whoever runs that site. Until then it is tried again, ever more seldom.'],
    bomb: ['The answer unfolds to far more than its size, so it was not read.', 'Ask whoever runs that site. Until then it is tried again, ever more seldom.'],
    short: ['The site sent less than it announced.', 'Nothing is to be done: it is tried again by itself.'],
    broken: ['The connection broke off.', 'Nothing is to be done: it is tried again by itself.'],
    garbage: ['What came is no answer that this server can read.', 'Ask whoever runs that site. Until then it is tried again, ever more seldom.'],
};
const waits = {
    rate: 'It is fetched as often as it has news: between every five minutes and once a day.',
    asked: 'The site asked us not to come sooner.',
    failed: 'After a failure the pause is doubled each time, up to a day.',
    ended: 'It is not fetched.',
};
const HOUR = 60;

const xml = 'Content-Type: application/rss+xml';
/** Its own addresses, so that no feed's item is another's story. */
const own = (turn, text) => text.replaceAll('HOST', turn.peer.host);
const gives = (body, ...headers) => (turn) => turn.answer(200, headers.length ? headers : [xml], typeof body === 'string' ? own(turn, body) : body);
const says = (status, ...headers) => (turn) => turn.answer(status, headers, 'x');
const leads = (status, to) => (turn) => turn.path === '/feed' ? turn.answer(status, [`Location: ${to}`]) : turn.answer(200, [xml], own(turn, rss(item('a'))));

/**
 * name; serve; what: words of `said`; why: words of `waits`; due: [least, most] minutes until it is asked again; items
 * that became deposits; titles among them; hangs: it never comes to an end by itself.
 */
const well = (name, items, serve, more = {}) => ({ name, serve, what: 'taken', why: 'rate', due: [5, 24 * HOUR], items, isWell: true, ...more });
const ill = (name, what, serve, more = {}) => ({ name, serve, what, why: 'failed', due: [5, 6], items: 0, ...more });

const hanging = [
    ill('a byte a second', 'slow', async (turn) => { await turn.head200(xml); await turn.drip(rss(item('a'))); }, { hangs: true }),
    ill('never answers', 'late', (turn) => turn.gone(), { hangs: true }),
    ill('a head that never ends, a byte a second', 'late', (turn) => turn.drip('HTTP/1.1 200 OK\r\nX: ' + 'y'.repeat(100)), { hangs: true }),
    ill('stops in the middle', 'slow', async (turn) => { await turn.head200(xml, 'Content-Length: 1000'); await turn.send('<rss>'); await turn.gone(); }, { hangs: true }),
];
const failing = [
    ill('endless body', 'large', async (turn) => { await turn.head200(xml); await turn.pour(Buffer.alloc(65536, 'x'), 1 << 20); }),
    ill('closes at once', 'broken', (turn) => turn.socket.destroy()),
    ill('404', 'missing', says(404)),
    ill('410', 'gone', says(410), { why: 'ended', due: null }),
    ill('401', 'barred', says(401, 'WWW-Authenticate: Basic realm="x"')),
    ill('500', 'fault', says(500)),
    ill('503 and seconds', 'fault', says(503, 'Retry-After: 7200'), { why: 'asked', due: [119, 120] }),
    ill('503 and a date', 'fault', (turn) => turn.answer(503, [`Retry-After: ${new Date(Date.now() + 3 * 3600e3).toUTCString()}`]), { why: 'asked', due: [178, 180] }),
    ill('503 and an absurd time', 'fault', says(503, 'Retry-After: 99999999999999999999'), { why: 'asked', due: [24 * HOUR - 1, 24 * HOUR] }),
    ill('503 and nonsense', 'fault', says(503, 'Retry-After: soon')),
    ill('429', 'lessOften', says(429, 'Retry-After: 3600'), { why: 'asked', due: [59, 60] }),
    ill('304 that nobody asked for', 'useless', says(304)),
    ill('redirect loop', 'loop', (turn) => turn.answer(302, ['Location: /feed'])),
    ill('redirects without end', 'loop', (turn) => turn.answer(302, [`Location: /${turn.times}`])),
    ill('redirect to an inner address', 'refusedRedirect', says(302, 'Location: http://10.0.0.1/feed')),
    ill('redirect to a file', 'refusedRedirect', says(301, 'Location: file:///etc/passwd')),
    ill('gzip bomb', 'bomb', gives(gzipSync(Buffer.alloc(100 * MEBI, '<a>'), { level: 9 }), xml, 'Content-Encoding: gzip')),
    ill('deflate bomb', 'bomb', gives(deflateSync(Buffer.alloc(100 * MEBI, ' '), { level: 9 }), xml, 'Content-Encoding: deflate')),
    ill('two codings', 'garbage', gives(gzipSync(gzipSync(rss(item('a')))), xml, 'Content-Encoding: gzip, gzip')),
    ill('not gzip at all', 'garbage', gives(rss(item('a')), xml, 'Content-Encoding: gzip')),
    ill('announces more than it sends', 'short', async (turn) => { await turn.head200(xml, 'Content-Length: 99999'); await turn.send(rss(item('a'))); turn.socket.end(); }),
    ill('100 MB', 'large', async (turn) => { await turn.head200(xml, `Content-Length: ${100 * MEBI}`); await turn.pour(Buffer.alloc(65536, 'x'), 1600); }),
    ill('a head of 1 MB', 'large', async (turn) => { await turn.send('HTTP/1.1 200 OK\r\n'); await turn.pour('X-Long: ' + 'y'.repeat(1000) + '\r\n', 1040); await turn.send('\r\n'); }),
    ill('no HTTP', 'garbage', async (turn) => { await turn.send('SSH-2.0-OpenSSH_9.2\r\n'.repeat(3)); turn.socket.end(); }),
    ill('a page for people', 'notFeed', gives('<!doctype html><html><title>x</title><body>请登录</body></html>', 'Content-Type: text/html')),
    ill('empty body', 'notFeed', gives('')),
    ill('entity bomb', 'tooMuch', gives(entities)),
    ill('too many items', 'tooMuch', gives(rss(...Array.from({ length: 5001 }, (_, i) => item(i))))),
];
const fine = [
    well('RSS', 2, gives(rss(item('a'), item('b')))),
    well('Atom', 2, gives(atom, 'Content-Type: application/atom+xml'), { titles: ['甲', '乙'] }),
    well('JSON Feed', 2, gives(json, 'Content-Type: application/feed+json')),
    well('RDF', 1, gives(rdf, 'Content-Type: application/rdf+xml')),
    well('304 when it is asked', 1, (turn) => turn.header('If-None-Match') === '"v1"' ? turn.answer(304, ['ETag: "v1"']) : turn.answer(200, [xml, 'ETag: "v1"'], own(turn, rss(item('a')))),
        { then: { what: 'unchanged', items: 1 } }),
    well('moved for good (301)', 1, leads(301, '/there'), { movedTo: '/there', then: { what: 'same', items: 1 } }),
    well('moved for good (308)', 1, leads(308, '/there'), { movedTo: '/there' }),
    well('moved for now (302)', 1, leads(302, '/there'), { movedTo: '' }),
    well('lying content type', 1, gives(rss(item('a')), 'Content-Type: image/png')),
    well('lying charset', 1, gives(rss(item('a', '河边的路')), 'Content-Type: text/xml; charset=gbk'), { titles: ['河边的路'] }),
    well('GBK without a label', 1, (turn) => turn.answer(200, [xml], Buffer.from(own(turn, gbk), 'latin1')), { titles: ['河边的路修好了'] }),
    well('UTF-16', 1, (turn) => turn.answer(200, [xml], Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(own(turn, rss(item('a', '宽字'))).replace('version="1.0"', 'version="1.0" encoding="utf-16"'), 'utf16le')])), { titles: ['宽字'] }),
    well('BOM twice', 1, gives('\ufeff\ufeff' + rss(item('a')))),
    well('other ids at every fetch', 2, (turn) => turn.answer(200, [xml], own(turn, rss(item('a').replace('>a<', `>${Math.random()}<`), item('b').replace('>b<', `>${Math.random()}<`)))),
        { then: { what: 'taken', items: 2 } }),
    well('the same item with another text', 1, (turn) => turn.answer(200, [xml], own(turn, rss(item('a', '快讯', `<description>${'施工队昨天撤走了最后一台机器。'.repeat(9)}第${turn.times}稿</description>`)))),
        { then: { what: 'taken', items: 1, versions: 2 } }),
    well('dates of 1970', 1, gives(rss(item('a', '旧', '<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>'))), { published: null }),
    well('dates of 2099', 1, gives(rss(item('a', '新', '<pubDate>Thu, 01 Jan 2099 00:00:00 GMT</pubDate>'))), { published: null }),
    well('half a feed', 2, gives(rss(item('a'), item('b')).slice(0, -60))),
    well('ill-formed', 2, gives(rss(item('a', 'A & B <br> C'), item('b')).replace('</channel>', '')), {}),
    well('hostile markup', 1, gives(rss(item('a', '&lt;script&gt;x()&lt;/script&gt;题 &lt;img src=x onerror=x()&gt;', '<description><![CDATA[<script>x()</script><a href="javascript:x()">y</a>]]></description>')))),
    well('very long title', 1, gives(rss(item('a', '长'.repeat(100000))))),
    well('chunks, trailers and cookies', 1, async (turn) => {
        await turn.head200(xml, 'Transfer-Encoding: chunked', 'Trailer: X-Sum', 'Set-Cookie: a=1; Path=/', 'Set-Cookie: b=2');
        for (const part of own(turn, rss(item('a'))).match(/[\s\S]{1,50}/g)) {
            const bytes = Buffer.from(part);
            await turn.send(Buffer.concat([Buffer.from(`${bytes.length.toString(16)};x=y\r\n`), bytes, Buffer.from('\r\n')]));
        }
        await turn.send('0\r\nX-Sum: 1\r\nSet-Cookie: c=3\r\n\r\n');
    }, { then: { what: 'same', items: 1, head: (head) => !/^cookie:/im.test(head) } }),
];
// Hostile ones first: whoever is well has to be read past them.
export const cases = [...hanging, ...failing, ...fine].map((one) => ({ ...one, said: said[one.what][0], advice: said[one.what][1], waits: waits[one.why] }));
export const sentenceOf = (what) => said[what][0];
