// tests/crash/run.mjs - kill -9 at random moments of file/release/correct cycles: nothing acknowledged is lost,
// nothing is half done, every act has its entry in the log.   node tests/crash/run.mjs sqlite|postgres
import { appendFileSync, closeSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Alliance, Client, Report } from '../lib/server.mjs';

const driver = process.argv[2] ?? 'sqlite';
const cycles = process.env.LIANDONG_MODE === 'full' ? 1000 : 100;
const report = new Report(`crash ${driver}`);
const alliance = new Alliance(driver);

/** Notes an acknowledged act on disk, elsewhere, before anything else happens. */
const noteFile = join(alliance.folder, 'acknowledged');
function note(act) {
    appendFileSync(noteFile, JSON.stringify(act) + '\n');
    const file = openSync(noteFile, 'r+');
    fsyncSync(file);
    closeSync(file);
}

const people = {};
async function sign() {
    people.author = await new Client(alliance).signIn('tang.yizhou');
    people.editor = await new Client(alliance).signIn('pei.qinghe');
}

/** One story's life as far as the server lives; each acknowledged step is noted. */
async function work(n) {
    const text = `第${n}次：断电之前写下的一段话，长度不长，内容只有编号${n}。`;
    let answer = await people.author.post('/articles', { outlet: 'CC001', kind: '消息', lang: 'zh', title: `断电测试${n}`,
        summary: '', text, format: 'markdown' }, { json: true });
    if (answer.status !== 201) return;
    const { id } = answer.json;
    let { version } = answer.json;
    note({ id, act: 'filed' });
    for (const [who, act, fields] of [['author', 'submit', {}], ['editor', 'release', {}],
        ['editor', 'corrections', { text: `更正${n}` }]]) {
        answer = await people[who].post(`/articles/${id}/${act}`, { version, ...fields }, { json: true });
        if (answer.status !== 200 && answer.status !== 201) return;
        version = answer.json.version ?? version;
        note({ id, act });
    }
}

/** Works until the server is gone, which fetch tells as a TypeError; anything else is a fault. */
async function workUntilGone(name) {
    try {
        for (let i = 0; i < 50; i++) await work(`${name}-${i}`);
    } catch (error) {
        if (!(error instanceof TypeError)) report.check('a cycle ends by the kill only', false, error.stack);
    }
}

function acknowledged() {
    const acts = new Map();
    let lines = [];
    try { lines = readFileSync(noteFile, 'utf8').trim().split('\n').filter(Boolean).map(JSON.parse); } catch { return acts; }
    for (const { id, act } of lines) acts.set(id, (acts.get(id) ?? new Set()).add(act));
    return acts;
}

async function entriesOf(client, id) {
    const page = await client.get(`/desk/articles/${id}`, { json: true });
    return { status: page.status, story: page.json };
}

await alliance.start('demo');
await sign();
for (let cycle = 0; cycle < cycles; cycle++) {
    const loops = [0, 1, 2].map((lane) => workUntilGone(`${cycle}-${lane}`));
    const moment = 5 + Math.random() * 120;
    await new Promise((done) => setTimeout(done, moment));
    await alliance.kill();
    await Promise.all(loops);
    await alliance.start();
    if (cycle % 10 === 9) await sign(); /* sessions live through it; new ones now and then */
}

// the sequencer catches up within a second; then every act is looked up
for (let tries = 0; tries < 100; tries++) {
    if ((await people.author.get('/log', { json: true })).json.pending === 0) break;
    await new Promise((done) => setTimeout(done, 100));
}
const acts = acknowledged();
const kinds = { filed: 'manuscript.filed', submit: 'manuscript.submitted', release: 'manuscript.released', corrections: 'correction.issued' };
let lost = 0, halves = 0, without = 0, count = 0;
for (const [id, done] of acts) {
    const { status, story } = await entriesOf(people.author, id);
    if (status !== 200) { lost += done.size; continue; }
    const entries = (story.entries ?? story.history ?? []).map((entry) => entry.kind);
    for (const act of done) {
        count++;
        if (!entries.includes(kinds[act])) without++;
    }
    const isPublic = (await people.author.get(`/articles/${id}`, { json: true })).status === 200;
    if (done.has('release') && !isPublic) lost++;
    if (isPublic !== entries.includes('manuscript.released')) halves++;
}
report.check(`${cycles} kill -9 cycles, ${acts.size} stories, ${count} acknowledged acts`, count > cycles / 2, String(count));
report.equal('acknowledged acts lost', lost, 0);
report.equal('acts half done', halves, 0);
report.equal('acts without a log entry', without, 0);
const check = await people.author.get('/log', { json: true });
report.equal('entries still waiting', check.json.pending, 0);
console.log(`crash-${driver}: ${cycles} cycles, ${count} acknowledged acts`);
await alliance.remove();
report.end();
