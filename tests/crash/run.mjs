// tests/crash/run.mjs - kill -9 at random moments of file/release/correct cycles: nothing acknowledged is lost,
// nothing is half done, every act has its entry in the log; what was planned goes out once, however often the server is
// killed around its time; a large import that is killed goes on.   node tests/crash/run.mjs sqlite|postgres
import { appendFileSync, closeSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Alliance, Client, Report, wallTime } from '../lib/server.mjs';
import { checkLongWork } from './long_work.mjs';

const driver = process.argv[2] ?? 'sqlite';
const cycles = process.env.LIANDONG_MODE === 'full' ? 1000 : 100;
const report = new Report(`crash ${driver}`);
const dueCycles = process.env.LIANDONG_MODE === 'full' ? 500 : 40;
const alliance = new Alliance(driver, { settings: { 'queue.poll_ms': '20 ms' } });

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

// ---- stories that become due while the server is killed ----

const pause = (ms) => new Promise((done) => setTimeout(done, Math.max(ms, 0)));

/** Three stories for the same second; which of them were acknowledged as planned, in that order. */
async function planThree(name, at) {
    const planned = [];
    for (let i = 0; i < 3; i++) {
        const filed = await people.author.post('/articles', { outlet: 'CC001', kind: '消息', title: `定时${name}-${i}`, text: `到时发布，第${i}篇。` }, { json: true });
        const sent = await people.author.post(`/articles/${filed.json.id}/submit`, { version: filed.json.version }, { json: true });
        const answer = await people.editor.post(`/articles/${filed.json.id}/plan`, { version: sent.json.version, plan_at: at, plan_zone: 'Asia/Shanghai' }, { json: true });
        if (answer.status !== 200) throw new Error(`not planned: ${answer.status} ${answer.text}`);
        planned.push(filed.json.id);
    }
    return planned;
}

/** Killed from a little before their time to a little after it, or away while it comes. */
async function killAroundDue(cycle) {
    const at = wallTime(1500), due = Date.parse(`${at}+08:00`), planned = await planThree(cycle, at);
    const isAway = cycle % 3 === 2;
    await pause(due - Date.now() + (isAway ? -150 : Math.random() * 120 - 20));
    await alliance.kill();
    if (isAway) await pause(due - Date.now() + 50);
    await alliance.start();
    if (cycle % 4 === 3) { /* and again while it makes good what was missed */
        await pause(Math.random() * 30);
        await alliance.kill();
        await alliance.start();
    }
    return planned;
}

async function checkDue() {
    const all = [];
    for (let cycle = 0; cycle < dueCycles; cycle++) all.push(await killAroundDue(cycle));
    for (const id of all.flat())
        for (let tries = 0; (await people.author.get(`/articles/${id}`, { json: true })).status !== 200 && tries < 100; tries++) await pause(100);
    await alliance.stop(); /* then the tables are asked */
    let missed = 0, twice = 0, disorder = 0;
    for (const planned of all) {
        const rows = alliance.sql(`SELECT subject_id FROM event WHERE name = 'manuscript.published' AND subject_id IN (${planned.join()}) ORDER BY id`).split('\n').filter(Boolean);
        for (const id of planned) {
            const events = rows.filter((one) => one === id).length;
            const entries = Number(alliance.sql(`SELECT (SELECT COUNT(*) FROM ledger_entry WHERE kind = 'manuscript.released' AND subject_id = ${id})` +
                ` + (SELECT COUNT(*) FROM ledger_pending WHERE kind = 'manuscript.released' AND subject_id = ${id})`));
            missed += events === 0 || entries === 0;
            twice += events > 1 || entries > 1;
        }
        disorder += rows.join() !== planned.join();
    }
    report.check(`${dueCycles} kill -9 cycles around the time of ${all.flat().length} planned stories`, all.length === dueCycles);
    report.equal('planned stories missed', missed, 0);
    report.equal('planned stories that went out twice', twice, 0);
    report.equal('planned stories out of order', disorder, 0);
    console.log(`crash-${driver}: ${dueCycles} cycles around the time of ${all.flat().length} planned stories`);
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
await sign();
await checkDue();
await alliance.remove();
await checkLongWork(driver, report, process.env.LIANDONG_MODE === 'full' ? 50 : 6);
report.end();
