// tests/bench/polls.mjs - a round of 10,000 feeds on 200 loopback addresses that have not changed (304, connections kept),
// beside curl fetching the same addresses in one process.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Alliance, Client, root } from '../lib/server.mjs';

const HOSTS = 200, EACH = 50, FEEDS = HOSTS * EACH;
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const host = (i) => `127.0.2.${i + 1}`;

/** Answers 304 to whoever knows the tag, else a feed of one item. Any address of this machine, one port. */
function serve() {
    const unchanged = Buffer.from('HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n');
    net.createServer((socket) => {
        let text = '';
        socket.setNoDelay(true);
        socket.on('error', () => socket.destroy());
        socket.on('data', (bytes) => {
            text += bytes.toString('latin1');
            for (let end; (end = text.indexOf('\r\n\r\n')) >= 0; text = text.slice(end + 4)) {
                const head = text.slice(0, end);
                if (/if-none-match: "1"/i.test(head)) { socket.write(unchanged); continue; }
                const id = `${socket.localAddress}${head.split(' ')[1]}`;
                const body = `<rss version="2.0"><channel><title>${id}</title><item><guid>${id}</guid><title>${id}</title><link>http://${id}</link></item></channel></rss>`;
                socket.write(`HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Type: application/rss+xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
            }
        });
    }).listen(0, '0.0.0.0', function () { process.send(this.address().port); });
}

async function startSites() {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    return { child, port: await new Promise((done) => child.once('message', done)) };
}

/** The register's rows of the demo again and again, under other numbers and names. */
async function addOutlets(admin, count) {
    const [head, ...rows] = readFileSync(join(root, 'demo/outlets.csv'), 'utf8').trim().split('\n');
    const out = Array.from({ length: count }, (_, i) => {
        const cells = rows[i % 10].split(',');
        cells[0] = `BX${i + 1}`;
        cells[1] = `测量${i + 1}号`;
        cells[3] = `bench-${i + 1}`;
        return cells.join(',');
    });
    const form = new FormData();
    form.append('csrf', admin.csrf);
    form.append('file', new Blob([[head, ...out].join('\n') + '\n']), 'outlets.csv');
    const body = new Response(form);
    const answer = await admin.request('POST', '/admin/outlets/import', { json: true, body: Buffer.from(await body.arrayBuffer()),
        headers: { 'Content-Type': body.headers.get('content-type'), Origin: admin.alliance.origin } });
    if (answer.status !== 200) throw new Error(`outlets: ${answer.status} ${answer.text.slice(0, 800)}`);
}

async function subscribe(admin, port) {
    for (let i = 0; i < HOSTS; i++) {
        const urls = Array.from({ length: EACH }, (_, k) => `<outline text="t" xmlUrl="http://${host(i)}:${port}/f/${k}"/>`);
        const form = new FormData();
        form.append('csrf', admin.csrf);
        form.append('outlet', `BX${i + 1}`);
        form.append('file', new Blob([`<opml version="2.0"><body>${urls.join('')}</body></opml>`]), 'feeds.opml');
        const body = new Response(form);
        const answer = await admin.request('POST', '/admin/feeds/import', { json: true, body: Buffer.from(await body.arrayBuffer()),
            headers: { 'Content-Type': body.headers.get('content-type'), Origin: admin.alliance.origin } });
        if (answer.status !== 200) throw new Error(`feeds of BX${i + 1}: ${answer.status} ${answer.text.slice(0, 800)}`);
    }
}

const seconds = (pid) => {
    const parts = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return (Number(parts[11]) + Number(parts[12])) / 100;
};
const peak = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** Until no fetch is owed now. */
async function settled(alliance) {
    while (Number(alliance.sql("SELECT COUNT(*) FROM job WHERE kind = 'feed.poll' AND (state <> 'waiting' OR due_ms < 1000)")) > 0) await wait(100);
}

/** All feeds are due: how long, how much work, how much memory. */
async function ourRound(alliance) {
    const { pid } = alliance.child;
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    const before = seconds(pid), from = process.hrtime.bigint();
    alliance.sql("UPDATE job SET due_ms = 1 WHERE kind = 'feed.poll'");
    await settled(alliance);
    const wall = Number(process.hrtime.bigint() - from) / 1e9;
    return { cpu: seconds(pid) - before, wall, rss: peak(pid) };
}

function curlRound(folder, port) {
    const list = join(folder, 'urls');
    writeFileSync(list, Array.from({ length: FEEDS }, (_, i) => `url = "http://${host(i % HOSTS)}:${port}/f/${Math.floor(i / HOSTS)}"\noutput = "/dev/null"\n`).join(''));
    const from = process.hrtime.bigint();
    const timed = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1', 'bash', 'curl', '-s', '--parallel', '--parallel-max', '200', '-H', 'If-None-Match: "1"', '-K', list]);
    const [user, system] = timed.stderr.toString().trim().split('\n').at(-1).split(' ').map(Number);
    return { cpu: user + system, wall: Number(process.hrtime.bigint() - from) / 1e9 };
}

export async function polls(say, rounds) {
    const sites = await startSites();
    const alliance = new Alliance('sqlite', { settings: { 'log.level': 'warn', 'net.allow': '127.0.0.0/8' } });
    try {
        await alliance.start('demo');
        const admin = await new Client(alliance).signIn('kang.shining');
        await addOutlets(admin, HOSTS);
        await subscribe(admin, sites.port);
        await settled(alliance);
        const ours = [], theirs = [];
        for (let round = 0; round < rounds; round++) {
            ours.push(await ourRound(alliance));
            theirs.push(curlRound(alliance.folder, sites.port));
        }
        const of = (list, key) => median(list.map((one) => one[key]));
        say(`${FEEDS} unchanged feeds on ${HOSTS} addresses, in one round, ${rounds} rounds`, 'processor s   wall s   peak RSS');
        say('  liandong, what came of it stored', `${of(ours, 'cpu').toFixed(2).padStart(11)}   ${of(ours, 'wall').toFixed(1).padStart(6)}   ${of(ours, 'rss').toFixed(1)} MiB`);
        say(`  ${execFileSync('curl', ['--version']).toString().split(' ').slice(0, 2).join(' ')} --parallel, thrown away`, `${of(theirs, 'cpu').toFixed(2).padStart(11)}   ${of(theirs, 'wall').toFixed(1).padStart(6)}`);
        say('  for each feed', `${(of(ours, 'cpu') / FEEDS * 1e6).toFixed(0)} µs and ${(of(theirs, 'cpu') / FEEDS * 1e6).toFixed(0)} µs, ${(of(ours, 'cpu') / of(theirs, 'cpu')).toFixed(1)} times`);
    } finally {
        sites.child.kill();
        await alliance.remove();
    }
}

if (process.argv[2] === 'serve') serve();
else if (process.argv[1]?.endsWith('bench/polls.mjs'))
    await polls((what, value) => console.log(`${what.padEnd(70)} ${value}`), Number(process.env.LIANDONG_ROUNDS ?? 3));
