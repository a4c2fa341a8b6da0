// tests/peers/run.mjs - 54 scripted feed servers, each for an outlet of its own, fetched in one round beside each other.
//     node tests/peers/run.mjs sqlite        tools/with_pg.sh node tests/peers/run.mjs postgres
// Nobody answers before all were asked; those that hang are let go by their limits, the others are done long before.
import { readFileSync } from 'node:fs';
import { Alliance, Client, Report } from '../lib/server.mjs';
import { words } from '../browser/visit.mjs';
import { cases, sentenceOf } from './cases.mjs';
import { startPeers } from './servers.mjs';

const driver = process.argv[2] ?? 'sqlite';
const report = new Report(driver === 'postgres' ? 'peers-postgres' : 'peers');
const alliance = new Alliance(driver, { settings: { 'net.allow': '127.0.0.0/8' } });
const MEMORY_MIB = 160; // the program at its highest, with 54 answers under way

async function until(what, probe, tries = 1200) {
    for (let i = 0; i < tries; i++) {
        const got = await probe();
        if (got) return got;
        await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`waited in vain: ${what}`);
}

/** Outlets' numbers, of which the demo has 54. */
const outlets = readFileSync(new URL('../../demo/outlets.csv', import.meta.url), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',')[0]);

const subscribe = (admin, peers) => Promise.all(peers.map(async (peer, i) => {
    const answer = await admin.post('/admin/feeds', { outlet: outlets[i], url: peer.url }, { json: true });
    if (answer.status !== 201) throw new Error(`${outlets[i]}: ${answer.status} ${answer.text}`);
    return answer.json.id;
}));

const pageOf = async (client, id) => (await client.get(`/admin/feeds/${id}`, { json: true })).json;
const minutes = (page) => (Date.parse(page.feed.due.iso) - Date.parse(page.last.iso)) / 60000;

/** What people read, in both languages, and what programs get. */
async function checkPage(one, id, { en, zh }) {
    const page = await pageOf(en, id), chinese = await pageOf(zh, id);
    const is = (what, got, expected) => report.equal(`${one.name}: ${what}`, got, expected);
    is('what happened', page.feed.said, one.said);
    is('what to do', page.advice, one.advice);
    is('why it waits', page.waits, one.waits);
    is('what happened, in Chinese', chinese.feed.said, words('zh', one.said));
    is('what to do, in Chinese', chinese.advice, words('zh', one.advice));
    is('why it waits, in Chinese', chinese.waits, words('zh', one.waits));
    report.check(`${one.name}: the Chinese is Chinese`, /^[^a-z]+。$/.test(chinese.feed.said + chinese.advice + chinese.waits), chinese.feed.said);
    const html = (await zh.get(`/admin/feeds/${id}`)).text;
    report.check(`${one.name}: the page says so`, [chinese.feed.said, chinese.advice, chinese.waits].every((text) => html.includes(text)));
    is('state', page.feed.state, one.due ? 'active' : 'ended');
    is('failures', page.feed.failures, one.isWell ? 0 : 1);
    if (one.due) {
        const wait = minutes(page);
        report.check(`${one.name}: when it is tried again`, wait >= one.due[0] - 0.01 && wait <= one.due[1] + 0.01, `in ${wait} minutes`);
    } else {
        is('it is not tried again', page.feed.due, null);
    }
    if (one.movedTo !== undefined)
        report.check(`${one.name}: where it moved`, one.movedTo ? page.moved_url.endsWith(one.movedTo) : page.moved_url === '', page.moved_url);
    return page;
}

async function checkDeposits(one, no, reader) {
    const list = (await reader.get(`/deposits?outlet=${no}`, { json: true })).json.deposits;
    const html = (await reader.get(`/deposits?outlet=${no}`)).text;
    const count = Number(alliance.sql(`SELECT COUNT(*) FROM deposit WHERE feed_id <> 0 AND outlet_id = (SELECT id FROM outlet WHERE no = '${no}')`));
    report.equal(`${one.name}: what was taken in`, count, one.items);
    for (const title of one.titles ?? [])
        report.check(`${one.name}: ${title}`, list.some((item) => item.title === title), JSON.stringify(list).slice(0, 300));
    report.check(`${one.name}: nothing of it runs`, !/<script>x|javascript:x|<img src=x/.test(html));
    report.check(`${one.name}: no line is beyond all bounds`, list.every((item) => [...item.title].length <= 200));
    if (one.published === null)
        report.check(`${one.name}: such a date is not believed`, list.every((item) => !item.published), JSON.stringify(list).slice(0, 300));
}

/** Healthy ones are done while the others still hang. */
async function checkRound(peers, ids, admin) {
    const left = new Set(cases.flatMap((one, i) => one.isWell ? [i] : []));
    await until('the healthy feeds', async () => {
        for (const i of [...left])
            if ((await pageOf(admin, ids[i])).fetches.length > 0) left.delete(i);
        return left.size === 0;
    });
    const hanging = cases.flatMap((one, i) => one.hangs ? [peers[i]] : []);
    report.check('whoever is well was read while the others still hang', hanging.every((peer) => peer.open > 0),
        hanging.map((peer) => `${peer.host} ${peer.open}`).join());
    await until('every feed', async () => {
        for (const id of ids)
            if ((await pageOf(admin, id)).fetches.length === 0) return false;
        return true;
    });
}

/** Asked once more: what is new the second time, and what is sent along. */
async function checkAgain(one, i, peers, ids, admin) {
    const { what, items, versions = 1, head = () => true } = one.then, no = outlets[i];
    for (const act of ['pause', 'resume'])
        report.equal(`${one.name}: ${act}`, (await admin.post(`/admin/feeds/${ids[i]}/${act}`, {}, { json: true })).status, 200);
    const page = await until(`${one.name} again`, async () => {
        const json = await pageOf(admin, ids[i]);
        return json.fetches.length > 1 ? json : null;
    });
    report.equal(`${one.name}: the second time`, page.feed.said, sentenceOf(what));
    const own = `(SELECT id FROM outlet WHERE no = '${no}')`;
    report.equal(`${one.name}: deposits after it`, Number(alliance.sql(`SELECT COUNT(*) FROM deposit WHERE feed_id <> 0 AND outlet_id = ${own}`)), items);
    report.equal(`${one.name}: versions after it`, Number(alliance.sql(`SELECT MAX(n) FROM deposit WHERE feed_id <> 0 AND outlet_id = ${own}`)), versions);
    report.check(`${one.name}: what is sent`, head(peers[i].asked.at(-1).head), peers[i].asked.at(-1).head);
}

function checkManners(peers) {
    peers.forEach((peer, i) => {
        const { head } = peer.asked[0], hops = /redirect/.test(cases[i].name) ? 4 : /moved/.test(cases[i].name) ? 2 : 1;
        report.check(`${cases[i].name}: one connection at a time`, peer.openMost <= 1 || hops > 1, `${peer.openMost}`);
        report.check(`${cases[i].name}: asked once in a round`, peer.asked.length <= hops * (cases[i].then ? 2 : 1), `${peer.asked.length}`);
        report.check(`${cases[i].name}: says who asks, and no more`, /^User-Agent: Liandong\//im.test(head) && !/^(cookie|referer|authorization):/im.test(head), head);
    });
}

function checkMemory() {
    const status = readFileSync(`/proc/${alliance.child.pid}/status`, 'utf8');
    const most = Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024, now = Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
    console.log(`memory of the program: ${now.toFixed(0)} MiB, at most ${most.toFixed(0)} MiB`);
    if (readFileSync(`/proc/${alliance.child.pid}/maps`, 'utf8').includes('libasan')) return; // its quarantine keeps what is freed
    report.check('memory is bounded', most < MEMORY_MIB, `${most} MiB`);
}

let opened;
const gate = new Promise((done) => { opened = done; });
const { peers, close } = await startPeers(cases.map((one) => one.serve), () => gate);
try {
    await alliance.start('demo');
    const admin = await new Client(alliance).signIn('kang.shining'), zh = await new Client(alliance, { lang: 'zh' }).signIn('kang.shining');
    const ids = await subscribe(admin, peers);
    await until('all 54 to be asked', () => peers.every((peer) => peer.asked.length > 0), 160);
    opened();
    await checkRound(peers, ids, admin);
    for (const [i, one] of cases.entries()) {
        await checkPage(one, ids[i], { en: admin, zh });
        await checkDeposits(one, outlets[i], admin);
    }
    for (const [i, one] of cases.entries())
        if (one.then) await checkAgain(one, i, peers, ids, admin);
    checkManners(peers);
    checkMemory();
} finally {
    await close();
    await alliance.remove();
}
report.end();
