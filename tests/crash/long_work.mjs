// tests/crash/long_work.mjs - kill -9 in the middle of a large import, of the server and of a command: it goes on, 0 lost, 0 twice.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Alliance, Client, program } from '../lib/server.mjs';

const STORIES = 4000, LEASE_MS = 1000;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const fileOf = (word) => Array.from({ length: STORIES }, (_, i) =>
    JSON.stringify({ title: `${word}${i}`, text: `${word}第${i}篇。\n`.repeat(10), date: '2014-05-06', url: `https://old.invalid/${word}/${i}` })).join('\n') + '\n';

async function upload(client, bytes) {
    const form = new FormData();
    form.append('csrf', client.csrf);
    form.append('file', new Blob([bytes]), 'old.jsonl');
    const body = new Response(form);
    return client.request('POST', '/desk/outlets/CC001/import', { json: true, body: Buffer.from(await body.arrayBuffer()),
        headers: { 'Content-Type': body.headers.get('content-type'), Origin: client.alliance.origin } });
}

/** What counts as done is stored; nothing is stored that does not count. */
function isHonest(alliance, word, id) {
    const stored = Number(alliance.sql(`SELECT COUNT(*) FROM manuscript WHERE original_url LIKE 'https://old.invalid/${word}/%'`));
    return stored === Number(alliance.sql(`SELECT done FROM work WHERE id = ${id}`));
}

async function checkAll(alliance, report, what, word) {
    const like = `original_url LIKE 'https://old.invalid/${word}/%'`;
    report.equal(`${what}: stories lost`, STORIES - Number(alliance.sql(`SELECT COUNT(DISTINCT original_url) FROM manuscript WHERE ${like}`)), 0);
    report.equal(`${what}: stories twice`, Number(alliance.sql(`SELECT COUNT(*) FROM manuscript WHERE ${like}`)) - STORIES, 0);
    report.equal(`${what}: entries of the log`, Number(alliance.sql(`SELECT (SELECT COUNT(*) FROM ledger_entry WHERE kind = 'manuscript.imported' AND subject_id IN (SELECT id FROM manuscript WHERE ${like}))` +
        ` + (SELECT COUNT(*) FROM ledger_pending WHERE kind = 'manuscript.imported' AND subject_id IN (SELECT id FROM manuscript WHERE ${like}))`)), STORIES);
    report.equal(`${what}: parts kept`, Number(alliance.sql('SELECT COUNT(*) FROM work_part')), 0);
}

async function killServer(alliance, report, cycles) {
    const client = await new Client(alliance).signIn('kang.shining');
    const { json } = await upload(client, fileOf('服务')), id = json.work.id;
    const stateOf = async () => (await client.get(`/long-work/${id}`, { json: true })).json.work;
    let kills = 0, isAllHonest = true;
    while (kills < cycles && (await stateOf()).state === 'running') {
        await pause(LEASE_MS * Math.random());
        await alliance.kill();
        kills++;
        isAllHonest &&= isHonest(alliance, '服务', id);
        await alliance.start();
        const before = (await stateOf()).done; /* the lease of who was killed must run out first */
        for (let tries = 0; tries < 200 && (await stateOf()).done === before && (await stateOf()).state === 'running'; tries++) await pause(20);
    }
    for (let tries = 0; tries < 600 && (await stateOf()).state === 'running'; tries++) await pause(100);
    report.equal('a killed import comes to its end', (await stateOf()).state, 'done');
    report.check('after each kill done is what is stored', isAllHonest && kills > 0, kills);
    await alliance.stop();
    await checkAll(alliance, report, `${kills} kills of a server at an import`, '服务');
    return kills;
}

/** Its status, or null: killed after so many milliseconds. */
function command(alliance, words, after) {
    const child = spawn(program, words, { env: alliance.environment, stdio: ['ignore', 'ignore', 'inherit'] });
    if (after) setTimeout(() => child.kill('SIGKILL'), after);
    return new Promise((end) => child.on('close', (status) => end(status)));
}

async function killCommand(alliance, report, cycles) {
    const file = join(alliance.folder, 'old.jsonl'), words = ['import', 'stories', file, '--outlet', 'CC001'];
    writeFileSync(file, fileOf('命令'));
    let kills = 0, isAllHonest = true;
    for (let i = 0; i < cycles; i++) {
        if (await command(alliance, words, 300 + Math.random() * 900) !== null) break;
        kills++;
        const id = alliance.sql("SELECT id FROM work WHERE kind = 'stories.import' AND state = 'running'");
        isAllHonest &&= id === '' || isHonest(alliance, '命令', id);
    }
    report.equal('the same command again comes to its end', await command(alliance, words), 0);
    report.check('after each kill of a command done is what is stored', isAllHonest && kills > 0, kills);
    await checkAll(alliance, report, `${kills} kills of a command at an import`, '命令');
    return kills;
}

export async function checkLongWork(driver, report, cycles) {
    const alliance = new Alliance(driver, { settings: { 'queue.poll_ms': '20 ms', 'queue.lease_ms': `${LEASE_MS} ms` } });
    try {
        await alliance.start('demo');
        const servers = await killServer(alliance, report, cycles), commands = await killCommand(alliance, report, cycles);
        console.log(`crash-${driver}: an import went on after ${servers} kills of the server and ${commands} of the command`);
    } finally {
        await alliance.remove();
    }
}
