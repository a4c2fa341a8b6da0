// tests/bench/run.mjs - speed and memory beside peers in the same run; medians of interleaved rounds.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Alliance, Client, program, root } from '../lib/server.mjs';
import { feeds } from './feeds.mjs';
import { polls } from './polls.mjs';
import { proofs } from './proofs.mjs';

const rounds = Number(process.env.LIANDONG_ROUNDS ?? 5);
const seconds = Number(process.env.LIANDONG_SECONDS ?? 3);
const quiet = { 'log.level': 'warn' }; /* nobody reads the log while wrk runs */
const lines = [];
const say = (what, value) => { lines.push([what, value]); console.log(`${what.padEnd(62)} ${value}`); };
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** Ticks of a process, its threads and the children it has waited for or still has. */
function ticksOf(pid) {
    const own = (id) => {
        try {
            const parts = readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
            return parts.slice(11, 15).reduce((sum, n) => sum + Number(n), 0);
        } catch { return 0; }
    };
    const children = spawnSync('pgrep', ['-P', String(pid)]).stdout.toString().split('\n').filter(Boolean);
    return own(pid) + children.reduce((sum, id) => sum + own(id), 0);
}

/** One round of wrk: { perSecond, cpu } with cpu in microseconds of the server's processes for each request. */
function load(url, pid) {
    const before = ticksOf(pid);
    const out = execFileSync('wrk', ['-t1', '-c16', `-d${seconds}s`, '-H', 'Accept-Language: zh', url]).toString();
    const requests = Number(/(\d+) requests in/.exec(out)[1]);
    if (/Non-2xx/.test(out)) throw new Error(`${url}: ${out}`);
    return { perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]), cpu: (ticksOf(pid) - before) * 10000 / requests };
}

async function startNginx(folder, page) {
    const port = 20000 + Math.floor(Math.random() * 20000);
    mkdirSync(join(folder, 'www'), { recursive: true });
    writeFileSync(join(folder, 'www/page.html'), page);
    writeFileSync(join(folder, 'nginx.conf'), `daemon off; pid ${folder}/nginx.pid; worker_processes 1; user root; error_log ${folder}/error.log;
        events { worker_connections 1024; }
        http { access_log off; sendfile on; tcp_nodelay on; keepalive_requests 1000000; types { text/html html; }
            server { listen 127.0.0.1:${port}; root ${folder}/www; } }\n`);
    const child = spawn('/usr/sbin/nginx', ['-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
    return { child, url: `http://127.0.0.1:${port}/page.html` };
}

async function startFossil(folder, page) {
    const port = 20000 + Math.floor(Math.random() * 20000);
    const repo = join(folder, 'peer.fossil'), env = { ...process.env, HOME: folder, USER: 'peer' };
    execFileSync('fossil', ['init', repo], { env, stdio: 'ignore' });
    writeFileSync(join(folder, 'page.wiki'), page.replace(/[\s\S]*<main[^>]*>/, '').replace(/<\/main>[\s\S]*/, ''));
    execFileSync('fossil', ['wiki', 'create', 'page', join(folder, 'page.wiki'), '-R', repo, '-M', 'text/x-markdown'], { env, stdio: 'ignore' });
    execFileSync('fossil', ['sql', '-R', repo, "UPDATE user SET cap='jor' WHERE login='nobody'"], { env, stdio: 'ignore' });
    const child = spawn('fossil', ['server', '--localhost', '--port', String(port), repo], { env, stdio: 'ignore' });
    return { child, url: `http://127.0.0.1:${port}/wiki?name=page` };
}

async function answers(url) {
    for (let i = 0; i < 200; i++) {
        const answer = await fetch(url).catch(() => null);
        if (answer?.status === 200) return answer.text();
        await wait(25);
    }
    throw new Error(`${url} does not answer`);
}

async function pages() {
    const cached = await new Alliance('sqlite', { settings: quiet }).start('demo');
    const plain = await new Alliance('sqlite', { settings: { ...quiet, 'http.cache_bytes': 0 } }).start('demo');
    const path = async (alliance) => (await new Client(alliance).get('/', { json: true })).json.stories[0].url;
    const article = await path(cached), again = await path(plain);
    const bytes = await answers(cached.origin + article);
    const nginx = await startNginx(cached.folder, bytes), fossil = await startFossil(cached.folder, bytes);
    const servers = [
        ['nginx, the same bytes as a file', nginx.url, nginx.child.pid],
        ['article, from the page cache', cached.origin + article, cached.child.pid],
        ['article, made anew for each request', plain.origin + again, plain.child.pid],
        ['search, made anew for each request', plain.origin + '/search?q=%E5%9B%BE%E4%B9%A6', plain.child.pid],
        ['Fossil, the same text as a wiki page', fossil.url, fossil.child.pid],
    ];
    for (const [, url] of servers) await answers(url);
    const seen = servers.map(() => []);
    for (let round = 0; round < rounds; round++)
        servers.forEach(([, url, pid], i) => seen[i].push(load(url, pid)));
    const base = median(seen[0].map((one) => one.perSecond));
    say(`page of ${bytes.length} bytes, 16 connections, ${rounds} rounds of ${seconds} s`, 'requests/s   CPU/request   of nginx');
    servers.forEach(([name], i) => {
        const rate = median(seen[i].map((one) => one.perSecond)), cpu = median(seen[i].map((one) => one.cpu));
        say(`  ${name}`, `${rate.toFixed(0).padStart(9)}   ${cpu.toFixed(1).padStart(8)} µs   ${(rate / base).toFixed(3)}`);
    });
    memory('memory after these requests', cached.child.pid);
    nginx.child.kill();
    fossil.child.kill();
    await cached.remove();
    await plain.remove();
}

function memory(what, pid) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const of = (name) => (Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024).toFixed(1);
    say(what, `RssAnon ${of('RssAnon')} MiB, VmRSS ${of('VmRSS')} MiB`);
}

async function starts() {
    const alliance = await new Alliance('sqlite').start('demo');
    await alliance.stop();
    const times = [];
    for (let i = 0; i < 9; i++) {
        const port = 20000 + Math.floor(Math.random() * 20000), from = process.hrtime.bigint();
        const child = spawn(program, ['serve', '--data', alliance.data, '--listen', `127.0.0.1:${port}`], { stdio: 'ignore' });
        for (;;) {
            const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
            if (answer?.status === 200) break;
            await wait(1);
        }
        times.push(Number(process.hrtime.bigint() - from) / 1e6);
        if (i === 8) { await wait(3000); memory('memory, idle after start', child.pid); }
        child.kill();
        await new Promise((done) => child.on('exit', done));
    }
    say('from exec to the first 200 on /readyz', `${median(times).toFixed(0)} ms`);
    await alliance.remove();
}

/** Durable acts: every answer was written to the disk before it left. */
async function publishes(driver) {
    const alliance = await new Alliance(driver, { settings: quiet }).start('demo');
    const author = await new Client(alliance).signIn('tang.yizhou'), editor = await new Client(alliance).signIn('pei.qinghe');
    const text = '凌晨一点的校园里，路灯按点熄了一半。'.repeat(30);
    let released = 0, acts = 0, busy = 0;
    const patient = async (act) => {
        for (;;) {
            const answer = await act();
            if (answer.status < 300) return answer;
            if (answer.status !== 503) throw new Error(`${answer.status} ${answer.text}`);
            busy++;
        }
    };
    const end = Date.now() + 10000;
    const lane = async (n) => {
        for (let i = 0; Date.now() < end; i++) {
            const filed = await patient(() => author.post('/articles', { outlet: 'CC001', kind: '消息', lang: 'zh', title: `测量${n}-${i}`, summary: '', text, format: 'markdown' }, { json: true }));
            let { id, version } = filed.json;
            for (const [who, act] of [[author, 'submit'], [editor, 'release']]) {
                const answer = await patient(() => who.post(`/articles/${id}/${act}`, { version }, { json: true }));
                version = answer.json.version;
            }
            acts += 3;
            released++;
        }
    };
    await Promise.all(Array.from({ length: 32 }, (_, n) => lane(n)));
    say(`durable publishes, ${driver}, 32 clients (file, submit, release)`, `${(released / 10).toFixed(0)}/s, ${(acts / 10).toFixed(0)} acts/s, ${busy} answers 503`);
    await alliance.remove();
}

const version = JSON.parse(execFileSync(program, ['version', '--json']).toString());
say('program', `${version.version} ${version.compiler}`);
const binary = join(root, 'build/bench-stripped');
execFileSync('strip', ['-o', binary, program]);
say('program, stripped, with templates and assets', `${(statSync(binary).size / 1048576).toFixed(1)} MiB`);
feeds(say, rounds);
proofs(say, rounds);
await polls(say, Math.min(rounds, 3));
await starts();
await pages();
await publishes('sqlite');
if (process.env.LIANDONG_TEST_PG) await publishes('postgres');
if (existsSync(join(root, 'build'))) writeFileSync(join(root, 'build/bench.json'), JSON.stringify(Object.fromEntries(lines), null, 2));
