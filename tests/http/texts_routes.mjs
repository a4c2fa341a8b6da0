// tests/http/texts_routes.mjs - for each row of the route table a request that succeeds, and where its words are read again.
//
// A driver: `as` who asks; `start` makes what the request needs (kept until an accepted act used it up); `path`, `query`, `body`
// the request that succeeds, or `file` the bytes of its upload; `after` what remains for the next one (null: start anew);
// `kept` for each field of the body, and of the query of a read, what becomes of a text: a function, `any` where nothing is to
// be compared, or `secret`; `show` where it is read again: { value, pages }, or with `isTold` whether it was; `names` what else
// a refusal may say instead of the field's name. Lists of fields: `narrow` those with a grammar of their own, `unseen` those
// whose page does not show them, `rendered` those that may hold markup. `wrap` puts a text into a field's own grammar.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/server.mjs';
import { codeOf } from '../lib/totp.mjs';
import { Client, OTHER, OUR, assignedPitch, makeChecked, makeStory, storiesOf, ticked, upload } from './lib.mjs';
import { trimmed } from './texts_strings.mjs';

export const any = () => undefined, secret = () => undefined;
const line = trimmed, nfc = (text) => trimmed(text).normalize('NFC');
const listOf = (separator, join) => (text) => trimmed(text).split(separator).map(trimmed).filter(Boolean).join(join);
const isNotThere = (answer) => answer.status === 404, isRefusal = (rule) => (answer) => answer.json?.rule === rule;
const isNoOutlet = (answer) => isNotThere(answer) || isRefusal(1)(answer);
const isSignedOut = (answer) => answer.status === 401;

let number = 0;
const next = () => ++number;

function must(answer, status) {
    if (answer.status !== status) throw new Error(`${answer.status} ${answer.text.slice(0, 300)}`);
    return answer.json;
}

/* ---- stories ---- */

const blankStory = { kind: '消息', lang: 'zh', format: 'markdown', title: 'A title', text: 'A text.', summary: '', note: '', sources: '', tags: '',
    more_pictures: '', date: '', embargo_at: '2031-01-01T00:00', embargo_zone: 'Asia/Shanghai' };
const storyKept = { kind: line, lang: (text) => line(text) || 'zh', format: (text) => line(text) || 'markdown', title: nfc, summary: nfc, text: line,
    note: line, sources: listOf('\n', '\n'), tags: listOf(';', '; '), picture: line, alt: line, credit: line, date: any, embargo_at: any, embargo_zone: any,
    more_pictures: (text, context) => /^\d+ \| [^|\n]*\| c$/.test(text)
        ? `${context.picture} | ${line(text.split('|')[1])} | c` : undefined };

async function pictureOf({ people }) {
    return must(await people.editor.get(`/desk/outlets/${OUR}/media`, { json: true }), 200).pictures[0].id;
}

async function showStory({ people }, context, answer, field) {
    const id = answer.json.id, edit = `/desk/articles/${id}/edit`, desk = `/desk/articles/${id}`;
    const inDesk = { note: 'note', outlet: 'outlet_no' }[field];
    const value = inDesk ? (await people.reporter.get(desk, { json: true })).json[inDesk]
        : (await people.reporter.get(edit, { json: true })).json.form.values[field];
    const pages = [[people.reporter, edit], [people.reporter, desk]];
    return { value, pages: inDesk ? pages.reverse() : pages };
}

const storyDriver = {
    as: 'reporter', kept: storyKept, show: showStory, narrow: ['more_pictures', 'date', 'outlet', 'embargo_at', 'embargo_zone'], rendered: ['text'],
    names: { date: isRefusal(13), picture: (answer) => answer.json?.field === 'alt' },
    /* every second string is what a line of this field says of a picture */
    wrap: { more_pictures: (value, context) => Buffer.concat([Buffer.from(`${context.picture} | `), Buffer.from(value), Buffer.from(' | c')]) },
};

const picturesOf = (context) => ({ picture: context.picture, alt: 'What it shows', credit: 'Who' });

/* The run's own list of acts is of another alliance. */
const apart = { acted() {} };

function storyAt(to, who = 'editor') {
    return async ({ people }) => {
        const { id, version } = await makeStory(apart, { author: people.reporter, releaser: people.editor, title: `At ${to}`, to });
        return { id, version, who };
    };
}

const shown = (pick, path) => async ({ people }, context) => {
    const value = pick((await people.editor.get(path(context), { json: true })).json);
    return { value, pages: [[people.editor, path(context)]] };
};

async function wordStory({ people }) {
    const { id, version } = must(await upload(people.reporter, '/articles/word', { outlet: OUR }, 'picture-one.docx', wordFile('A file')), 201);
    return { id, version };
}

const stories = {
    'POST /articles': { ...storyDriver, kept: { outlet: line, ...storyKept }, start: async (world) => ({ picture: await pictureOf(world) }),
        body: (context) => ({ outlet: OUR, ...blankStory, ...picturesOf(context) }),
        names: { ...storyDriver.names, outlet: isNoOutlet } },
    'POST /articles/{id}': { ...storyDriver, start: async (world) => ({ ...await storyAt('draft')(world), picture: await pictureOf(world) }),
        path: ({ id }) => ({ id }), body: (context) => ({ version: context.version, ...blankStory, ...picturesOf(context) }),
        after: (world, context, answer) => ({ ...context, version: answer.json.version }) },
    'GET /desk/articles/{id}/word': { as: 'reporter', start: wordStory, path: ({ id }) => ({ id }), pathNames: { id: '1' } },
    'POST /articles/{id}/words': { as: 'reporter', isDear: true, start: wordStory,
        path: ({ id }) => ({ id }), body: ({ version }) => ({ version, alts: 'A bridge.' }), kept: { alts: line },
        show: async ({ people }, { id }) => {
            const path = `/desk/articles/${id}/word`;
            return { value: (await people.reporter.get(path, { json: true })).json.pictures[0].alt, pages: [] }; /* pages hold it in the cleaned text, where ' is not escaped */
        }, after: () => null },
    'POST /articles/{id}/submit': { as: 'reporter', start: storyAt('draft'), path: ({ id }) => ({ id }), body: ({ version }) => ({ version }), after: () => null },
    'POST /articles/{id}/release': { as: 'editor', start: storyAt('submitted'), path: ({ id }) => ({ id }), body: ({ version }) => ({ version }), after: () => null },
    'POST /articles/{id}/plan': { as: 'editor', start: storyAt('submitted'), path: ({ id }) => ({ id }), narrow: ['plan_at', 'plan_zone'],
        body: ({ version }) => ({ version, plan_at: '2031-01-01T08:00', plan_zone: 'Asia/Shanghai' }), kept: { plan_at: any, plan_zone: any },
        after: (world, context, answer) => ({ ...context, version: answer.json.version }) },
    'POST /articles/{id}/unplan': { as: 'editor', path: ({ id }) => ({ id }), body: ({ version }) => ({ version }), after: () => null,
        start: async (world) => {
            const { id, version } = await storyAt('submitted')(world);
            return must(await world.people.editor.post(`/articles/${id}/plan`, { version, plan_at: '2031-01-01T08:00' }, { json: true }), 200);
        } },
    'POST /articles/{id}/return': { as: 'editor', start: storyAt('submitted'), path: ({ id }) => ({ id }),
        body: ({ version }) => ({ version, reason: 'A reason.' }), kept: { reason: line },
        show: shown((json) => json.returned.reason, ({ id }) => `/desk/articles/${id}`),
        after: async ({ people }, context, answer) => {
            const again = await people.reporter.post(`/articles/${context.id}/submit`, { version: answer.json.version }, { json: true });
            return { ...context, version: must(again, 200).version };
        } },
    'POST /articles/{id}/withdraw': { as: 'editor', start: storyAt('published'), path: ({ id }) => ({ id }),
        body: ({ version }) => ({ version, reason: 'A reason.' }), kept: { reason: line },
        show: shown((json) => json.reason, ({ id }) => `/articles/${id}`), after: () => null },
    'POST /articles/{id}/corrections': { as: 'editor', start: storyAt('published'), path: ({ id }) => ({ id }),
        body: ({ version }) => ({ version, text: 'A correction.' }), kept: { text: line },
        show: shown((json) => json.corrections[0].text, ({ id }) => `/articles/${id}`), after: () => null },
};

/* ---- the check in steps ---- */

const checkedAt = (passed) => (world) => makeChecked(world, apart, { title: `Checked ${next()}`, passed });

/** Its page was opened by who does the next step. */
const openedAt = (passed) => async (world) => {
    const story = await checkedAt(passed)(world);
    must(await world.people.deskhead.get(`/desk/articles/${story.id}`, { json: true }), 200);
    return story;
};

async function linkAt(world) {
    const { id } = await checkedAt(2)(world);
    const { link } = must(await world.people.deskhead.post(`/articles/${id}/links`, { step: 'review3', login: 'jing.hesheng' }, { json: true }), 201);
    const token = link.split('/').pop();
    must(await world.people.reader.get(`/sign/${token}`, { json: true }), 200);
    return { id, token };
}

async function remarkAt(world) {
    const { id } = await storyAt('draft')(world);
    return { id, comment: must(await world.people.editor.post(`/articles/${id}/comments`, { body: 'A remark.' }, { json: true }), 201).id };
}

const checksKept = { check1: any, check2: any, check3: any, check4: any };
const shownReason = async ({ people }, { id }) => {
    const path = `/desk/articles/${id}`;
    return { value: (await people.deskhead.get(path, { json: true })).json.returned.reason, pages: [[people.deskhead, path]] };
};

const ofChecks = {
    'POST /articles/{id}/steps': { as: 'deskhead', isDear: true, start: openedAt(0), path: ({ id }) => ({ id }), after: () => null, show: shownReason,
        body: ({ version }) => ({ version, step: 'review1', outcome: 'return', reason: 'A reason.', ...ticked }), kept: { step: any, outcome: any, reason: line, ...checksKept } },
    'POST /articles/{id}/comments': { as: 'editor', isDear: true, start: storyAt('draft'), path: ({ id }) => ({ id }), after: () => null, narrow: ['quote'],
        body: () => ({ quote: '', body: 'A remark.' }), kept: { quote: any, body: line },
        show: shown((json) => json.comments[0].body, ({ id }) => `/desk/articles/${id}`) },
    'POST /articles/{id}/comments/{comment}/close': { as: 'editor', start: remarkAt, path: ({ id, comment }) => ({ id, comment }) },
    'POST /articles/{id}/links': { as: 'deskhead', isDear: true, start: checkedAt(2), path: ({ id }) => ({ id }), narrow: ['login'],
        body: () => ({ step: 'review3', login: 'jing.hesheng' }), kept: { step: any, login: any } },
    'GET /sign/{token}': { as: 'visitor', start: linkAt, path: ({ token }) => ({ token }), pathNames: { token: '1' } },
    'POST /sign/{token}': { as: 'visitor', isDear: true, start: linkAt, path: ({ token }) => ({ token }), after: () => null, show: shownReason,
        body: () => ({ outcome: 'return', reason: 'A reason.', ...ticked }), kept: { outcome: any, reason: line, ...checksKept } },
    'POST /admin/outlets/{no}/checking': { as: 'admin', start: (world) => fileCard(world), path: ({ no }) => ({ no }), narrow: ['kind'],
        body: () => ({ kind: '评论', flow: 'three-review', proofs: '3', keeps_early: '' }), kept: { kind: any, flow: any, proofs: any, keeps_early: any } },
};

/* ---- stories that others carry ---- */

async function offered(world) {
    const { id } = await storyAt('published')(world);
    must(await world.people.editor.post(`/articles/${id}/offers`, { to: OTHER }, { json: true }), 200);
    return { id };
}

const ofOthers = {
    'POST /articles/{id}/offers': { as: 'editor', isDear: true, start: storyAt('published'), path: ({ id }) => ({ id }), narrow: ['to'],
        body: () => ({ to: 'CC002', tier: 'none' }), kept: { to: any, tier: any } },
    'POST /outlets/{no}/carried': { as: 'releaser', isDear: true, start: offered, path: () => ({ no: OTHER }), narrow: ['story'], after: () => null,
        body: ({ id }) => ({ story: id, mode: 'taken' }), kept: { story: any, mode: any }, names: { story: isNotThere } },
    'POST /outlets/{no}/declined': { as: 'releaser', isDear: true, start: offered, path: () => ({ no: OTHER }), narrow: ['story'], after: () => null,
        body: ({ id }) => ({ story: id, reason: 'A reason.' }), kept: { story: any, reason: line }, names: { story: isNotThere },
        show: async ({ people }, { id }) => {
            const path = `/desk/articles/${id}/spread`;
            return { value: (await people.editor.get(path, { json: true })).json.copies[0].reason, pages: [[people.editor, path]] };
        } },
};

/* ---- the proofreader ---- */

/** The word as it was taken, among those that are let pass. */
const passedOn = (page) => async ({ people }, context, answer) => {
    const path = page(context), list = (await people.editor.get(path, { json: true })).json.ignored;
    return { value: list.find((one) => one.word === answer.json.word)?.word, pages: [[people.editor, path]] };
};
const storyProof = ({ id }) => `/desk/articles/${id}/proof`, outletProof = () => `/desk/outlets/${OUR}/proof`;
const passed = (path) => async (world) => {
    const context = path.includes('{id}') ? await storyAt('draft')(world) : {};
    must(await world.people.editor.post(path.replace('{id}', context.id), { rule: 'W001', word: '既使' }, { json: true }), 200);
    return context;
};
const wordDriver = { as: 'editor', body: () => ({ rule: 'W001', word: '既使' }), narrow: ['rule'], names: { word: isNotThere, rule: isNotThere }, kept: { rule: any, word: any } };
/** The note as it stands with the version; a string of the list itself stands in a line that says nothing. */
const listDriver = { as: 'admin', kept: { note: line, text: any },
    show: async ({ people }, context, answer) => ({ value: (await people.reader.get(answer.json.url, { json: true })).json.note,
        pages: [[people.reader, answer.json.url], [people.reader, answer.json.url.replace(/\/\d+$/, '')]] }) };
const ownList = (word, value) => Buffer.concat([Buffer.from(`liandong-${word} 1\n# ${next()} `), Buffer.from(value), Buffer.from('\n')]);
const ofProof = {
    'POST /proofreading/{kind}': { ...listDriver, path: () => ({ kind: 'rules' }), narrow: ['text'], wrap: { text: (value) => ownList('proof', value) },
        start: async ({ people }) => ({ version: must(await people.admin.get('/desk/proofreading/rules', { json: true }), 200).version }),
        body: ({ version }) => ({ version, text: ownList('proof', '').toString(), note: 'A reason.' }), after: (world, context, answer) => ({ version: answer.json.n + 1 }) },
    'POST /proofreading/{kind}/import': { ...listDriver, path: () => ({ kind: 'names' }), file: (value) => ownList('names', value), body: () => ({ note: 'A reason.' }) },
    'GET /proofreading/{kind}': { path: () => ({ kind: 'rules' }), kept: { before: any } },
    'POST /articles/{id}/proof/ignored': { ...wordDriver, start: storyAt('draft'), path: ({ id }) => ({ id }), kept: { rule: any, word: line }, show: passedOn(storyProof), after: () => null },
    'POST /articles/{id}/proof/heeded': { ...wordDriver, start: passed('/articles/{id}/proof/ignored'), path: ({ id }) => ({ id }), narrow: ['rule', 'word'], after: () => null },
    'POST /outlets/{no}/proof/ignored': { ...wordDriver, path: () => ({ no: OUR }), kept: { rule: any, word: line, article: any }, show: passedOn(outletProof) },
    'POST /outlets/{no}/proof/heeded': { ...wordDriver, start: passed(`/outlets/${OUR}/proof/ignored`), path: () => ({ no: OUR }), narrow: ['rule', 'word'], kept: { rule: any, word: any, article: any }, after: () => null },
};

/* ---- the register ---- */

const HIDDEN = /^[\s\u3000\u00a0\ufeff]+|[\s\u3000\u00a0\ufeff]+$/g;
const cell = (text) => text.replace(/\r\n?/g, '\n').normalize('NFC').replace(HIDDEN, '');
const names = (text) => cell(text).split(/[、,，;；\n]/).map(cell).filter(Boolean).join('、');
const count = (text) => String(Number(cell(text)));
const cardKept = { name: cell, platform: cell, platform_account: cell, url: cell, tier: cell, unit: cell, unit_kind: any, supervisor: cell,
    verified_as: cell, purpose: cell, opened_on: any, first_responsible: names, direct_lead: names, teacher: names, teacher_contact: cell,
    operators: names, reviewers: names, emergency_contact: cell, promised_per_week: count, followers: count, followers_as_of: any, feed_url: cell };
const cardNarrow = ['no', 'tier', 'unit_kind', 'opened_on', 'promised_per_week', 'followers', 'followers_as_of', 'url', 'feed_url'];
const blankCard = { name: '', platform: '微信', platform_account: '', url: '', tier: '二级', unit: '文学院', unit_kind: '', supervisor: '', verified_as: '',
    purpose: '', opened_on: '', first_responsible: '柳闻溪', direct_lead: '', teacher: '', teacher_contact: '', operators: '', reviewers: '',
    emergency_contact: '', promised_per_week: '', followers: '', followers_as_of: '', feed_url: '' };
const newCard = () => ({ ...blankCard, name: `Outlet ${next()}` });

async function fileCard({ people }) {
    const card = { no: `TX-${next()}`, ...newCard() };
    return { card, ...must(await people.admin.post('/admin/outlets', card, { json: true }), 201) };
}

async function showCard({ people }, context, answer, field) {
    const path = `/admin/outlets/${answer.json.no || answer.json.id}`;
    const { form, outlet } = (await people.admin.get(path, { json: true })).json;
    const open = answer.json.no ? [[people.reader, `/outlets/${answer.json.no}`]] : [[people.admin, `/outlets/applications/${answer.json.id}`]];
    return { value: field === 'reason' ? outlet.state_reason : form.values[field], pages: [[people.admin, path], ...open] };
}

const cardDriver = { as: 'admin', show: showCard, narrow: cardNarrow };
const filterKept = { tier: line, state: line, platform: line, missing: line, q: line };

const register = {
    'GET /outlets': { kept: filterKept, unseen: ['platform', 'missing'] }, /* of these the page shows what there is to choose */
    'GET /outlets.csv': { kept: { tier: any, state: any, platform: any, missing: any, q: any } },
    'GET /admin/outlets': { kept: filterKept, unseen: ['platform', 'missing'] },
    'POST /outlets/apply': { ...cardDriver, as: 'editor', kept: cardKept, body: () => ({ ...newCard(), platform: '微博' }) },
    'POST /admin/outlets': { ...cardDriver, kept: { no: (text) => cell(text) || undefined, ...cardKept },
        body: () => ({ no: `TX-${next()}`, ...newCard(), platform: '抖音' }) },
    'POST /admin/outlets/{card}': { ...cardDriver, kept: { no: any, ...cardKept }, start: fileCard,
        path: ({ no, id }) => ({ card: no || id }), body: ({ card, no, version }) => ({ version, ...card, no }),
        after: (world, context, answer) => ({ ...context, no: answer.json.no, version: answer.json.version }) },
    'POST /admin/outlets/{no}/state': { ...cardDriver, start: fileCard, narrow: ['to'], kept: { to: any, reason: line },
        path: ({ no }) => ({ no }), body: ({ version }) => ({ version, to: 'suspended', reason: 'A reason.' }),
        after: async ({ people }, context, answer) => {
            const back = await people.admin.post(`/admin/outlets/${context.no}/state`,
                { version: answer.json.version, to: 'active', reason: 'Back.' }, { json: true });
            return { ...context, version: must(back, 200).version };
        } },
};

/* ---- annual reviews ---- */

const inAMonth = () => new Date(Date.now() + 30 * 86400000).toISOString().slice(0, 10);
const thisYear = () => new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 4);

/** An outlet of its own whose review is open, and somebody who answers for it. */
async function openReview(world) {
    const { no } = await fileCard(world), { client, login } = await enterSomebody(world), { admin } = world.people;
    const { people } = must(await admin.get(`/admin/people?login=${login}`, { json: true }), 200);
    must(await admin.post(`/admin/people/${people[0].id}/grants`, { role: '责任编辑', outlet: no }, { json: true }), 200);
    must(await admin.post('/admin/reviews', { year: thisYear(), answer_by: inAMonth(), outlet: no }, { json: true }), 200);
    return { no, client, version: 1 };
}

async function answeredReview(world) {
    const { no, client } = await openReview(world);
    const { version } = must(await client.post(`/outlets/${no}/review`, { version: 1, ...allYes() }, { json: true }), 200);
    return { no, version };
}

const numbers = [1, 2, 3, 4, 5, 6, 7, 8], allYes = () => Object.fromEntries(numbers.map((n) => [`y${n}`, '1']));
/** After that many a review takes no more of them. */
const round = (world, context, answer) => answer.json.version > 18 ? null : { ...context, version: answer.json.version };
const reviews = {
    'GET /admin/reviews': { kept: { year: any } },
    'GET /admin/outlets/{no}/review': { kept: { year: any }, start: answeredReview, path: ({ no }) => ({ no: no ?? OUR }), query: () => ({ year: thisYear() }) },
    'GET /desk/outlets/{no}/review': { kept: { year: any }, start: openReview, path: ({ no }) => ({ no: no ?? OUR }), query: () => ({ year: thisYear() }) },
    'POST /admin/reviews': { as: 'admin', start: fileCard, narrow: ['year', 'answer_by', 'outlet'], kept: { year: any, answer_by: any, outlet: any },
        body: ({ no }) => ({ year: thisYear(), answer_by: inAMonth(), outlet: no }), names: { outlet: isNotThere }, after: () => null },
    'POST /outlets/{no}/review': { start: openReview, path: ({ no }) => ({ no: no ?? OUR }), body: ({ version }) => ({ version, ...allYes(), r1: 'A remark.' }), isDear: true,
        names: Object.fromEntries(numbers.map((n) => [`y${n}`, (answer) => answer.json?.field === `r${n}`])), /* a no says why */
        kept: Object.fromEntries(numbers.flatMap((n) => [[`y${n}`, any], [`r${n}`, line]])), after: round,
        show: async (world, { no, client }, answer, field) => {
            const path = `/desk/outlets/${no}/review`;
            return { value: (await client.get(path, { json: true })).json.questions[Number(field.slice(1)) - 1].remark, pages: [[client, path]] };
        } },
    'POST /admin/outlets/{no}/review': { as: 'admin', start: answeredReview, path: ({ no }) => ({ no: no ?? OUR }), isDear: true, narrow: ['due_on'],
        body: ({ version }) => ({ version, decision: 'rectify', findings: 'Findings.', measure: 'A measure.', due_on: inAMonth(), reason: 'A reason.' }),
        kept: { decision: any, findings: line, measure: line, due_on: any, reason: line }, after: round,
        show: async ({ people }, { no }, answer, field) => {
            const path = `/admin/outlets/${no}/review`, open = field === 'findings' ? [] : [[people.reader, `/outlets/${no}`]];
            return { value: (await people.admin.get(path, { json: true })).json.decisions[0][field], pages: [[people.admin, path], ...open] };
        } },
};

/* ---- handovers ---- */

/** By one person of the office, to be signed by another. */
async function proposed(world) {
    const { no } = await fileCard(world);
    const { id } = must(await world.people.admin.post(`/outlets/${no}/handover`, { operators: `甲${next()}` }, { json: true }), 201);
    return { no, id };
}

const handovers = {
    'POST /outlets/{no}/handover': { as: 'admin', start: fileCard, path: ({ no }) => ({ no: no ?? OUR }), isDear: true,
        body: () => ({ first_responsible: '柳闻溪', teacher: '沈砚', teacher_contact: '000', operators: `甲${next()}`, note: 'A note.' }),
        kept: { first_responsible: names, teacher: names, teacher_contact: cell, operators: names, note: line }, names: { first_responsible: any },
        show: async ({ people }, { no }, answer, field) => {
            const path = `/desk/outlets/${no}/handover`, one = (await people.admin.get(path, { json: true })).json.handovers[0];
            const value = one[field] ?? one.changes.find((change) => change.field === field)?.after ?? '';
            return { value, pages: [[people.admin, path]] };
        }, after: () => null },
    'POST /outlets/{no}/handover/{id}/sign': { as: 'registrar', start: proposed, path: ({ no, id }) => ({ no: no ?? OUR, id }), after: () => null },
    'POST /outlets/{no}/handover/{id}/close': { as: 'registrar', start: proposed, path: ({ no, id }) => ({ no: no ?? OUR, id }), after: () => null },
};

/* ---- files ---- */

const csvCell = (value) => Buffer.concat([Buffer.from('"'), Buffer.from(Buffer.from(value).toString('latin1').replaceAll('"', '""'), 'latin1'), Buffer.from('"')]);
const roster = (value) => Buffer.concat([Buffer.from('备案号,名称,平台,级别,所属单位\nTX-0,'), csvCell(value), Buffer.from(',微信,二级,文学院\n')]);
const oldStories = (value) => Buffer.from(JSON.stringify({ title: Buffer.from(value).toString(), text: 'Old.', date: '2020-01-01',
    url: `https://old.invalid/${next()}` }) + '\n');
/* The picture itself; what is no picture is refused. */
const picture = (value) => value === 'A file' ? readFileSync(join(root, 'build/release/src/app/demo/pictures/basketball-320.webp')) : Buffer.from(value);
const wordFile = (value) => value === 'A file' ? readFileSync(join(root, 'tests/docx/picture-one.docx')) : Buffer.from(value);
/* A report with the reasons of each row, or a sentence that says which line or byte. */
const isReport = (answer) => answer.status === 422 && answer.json?.refused_count > 0 && answer.json.rows[0].reasons.length > 0 ||
    answer.status === 400 && /^Line \d|number \d/.test(answer.json?.detail ?? '');

const files = {
    'POST /admin/outlets/import': { as: 'admin', file: roster, body: () => ({ dry_run: '1' }), kept: { dry_run: any }, names: { file: isReport } },
    'POST /import/stories': { as: 'admin', file: oldStories, body: () => ({ outlet: OUR, dry_run: '1' }), kept: { outlet: any, dry_run: any }, narrow: ['outlet'],
        names: { file: isReport, outlet: isNoOutlet } },
    'POST /desk/outlets/{no}/import': { as: 'admin', file: oldStories, path: () => ({ no: OUR }), body: () => ({ dry_run: '1' }), kept: { dry_run: any },
        names: { file: isReport } },
    'POST /articles/word': { as: 'reporter', file: wordFile, isDear: true, body: () => ({ outlet: OUR, kind: '消息', lang: 'zh' }),
        kept: { outlet: any, kind: any, lang: any }, narrow: ['outlet'], names: { outlet: isNoOutlet } },
    'POST /outlets/{no}/media': { as: 'editor', file: picture, isDear: true, path: () => ({ no: OUR }), kept: {} },
};

/* ---- persons ---- */

async function addPerson({ people }) {
    const login = `texts.${next()}`;
    return { login, ...must(await people.admin.post('/admin/people', { login, name: 'Somebody' }, { json: true }), 201) };
}

async function inviteSomebody(world) {
    const person = await addPerson(world);
    const { link } = must(await world.people.admin.post(`/admin/people/${person.id}/invitation`, {}, { json: true }), 200);
    return { ...person, token: link.split('/').pop() };
}

/** Somebody with an account of their own, who may lose it. */
async function enterSomebody(world) {
    const { login, token } = await inviteSomebody(world), password = `a pass phrase ${next()}`;
    const client = new Client(world.alliance);
    await client.get(`/invitations/${token}`);
    must(await client.post(`/invitations/${token}`, { password }, { json: true }), 200);
    return { client: await client.signIn(login, password), login, password };
}

/** A sign-in with what was sent must succeed. */
const signsIn = async (world, login, password) => {
    const client = new Client(world.alliance);
    await client.get('/signin');
    return (await client.post('/signin', { login, password }, { json: true })).status === 200;
};

/** The password was right: what the second step is sent. */
async function beginSignIn(world, person) {
    const client = new Client(world.alliance);
    await client.get('/signin');
    const { text } = await client.post('/signin', { login: person.login, password: person.password });
    return { ...person, visitor: client, ticket: /name="ticket" value="([^"]*)"/.exec(text)[1] };
}

/** Somebody in the midst of turning the second step on. */
async function beginFactor(world) {
    const person = await enterSomebody(world);
    await person.client.get('/account');
    await person.client.post('/account/factor', {});
    return { ...person, secret: /id="secret">([A-Z2-7]{32})</.exec((await person.client.get('/account/factor')).text)[1] };
}

async function enterInTwoSteps(world) {
    const person = await beginFactor(world);
    const { text } = await person.client.post('/account/factor/confirm', { code: codeOf(person.secret) });
    const codes = [...text.matchAll(/<code>([a-z2-7-]{19})<\/code>/g)].map(([, code]) => code);
    return beginSignIn(world, { login: person.login, password: person.password, codes });
}

const sessionOf = async (client, isThis) => (await client.get('/account', { json: true })).json.sessions.find((one) => one.is_current === isThis).id;
const inAYear = new Date(Date.now() + 300 * 86400000).toISOString().slice(0, 10);

async function makeToken({ people }) {
    must(await people.editor.post('/account/tokens', { label: `token ${next()}`, until: inAYear, right: `file@${OUR}` }, { json: true }), 200);
    return { id: (await people.editor.get('/account/tokens', { json: true })).json.tokens.find((one) => one.is_open).id };
}

const place = (text) => trimmed(text).startsWith('/') ? undefined : '/desk'; /* bad_input.mjs says which begin with / and lead elsewhere */

const persons = {
    'GET /signin': { as: 'visitor', kept: { next: place } }, 'GET /account/confirm': { kept: { next: place } },
    'GET /admin/people': { kept: { login: any } },
    'POST /signin': { as: 'visitor', body: ({ login, password }) => ({ login, password, next: '/outlets' }), start: enterSomebody,
        kept: { login: any, password: secret, next: place }, narrow: ['login'], names: { login: isSignedOut, password: isSignedOut },
        show: (world, context, answer) => ({ value: answer.location, pages: [] }) },
    'POST /account/password': { start: enterSomebody, body: ({ password }) => ({ old: password, password: 'another pass phrase' }),
        kept: { old: secret, password: secret },
        show: async (world, context, answer, field, text) => ({ value: field !== 'password' || await signsIn(world, context.login, text), pages: [], isTold: true }),
        after: (world, context, answer, field, text) => ({ ...context, password: field === 'password' ? text : 'another pass phrase' }) },
    'POST /signin/code': { as: 'visitor', start: enterInTwoSteps, narrow: ['login', 'ticket'], isDear: true,
        body: ({ login, ticket, codes }) => ({ login, ticket, code: codes[0], next: '/outlets' }), kept: { login: any, ticket: any, code: secret, next: place },
        names: { login: isSignedOut, ticket: isSignedOut, code: isSignedOut }, show: (world, context, answer) => ({ value: answer.location, pages: [] }),
        after: (world, { codes, ...context }) => codes.length > 1 ? beginSignIn(world, { ...context, codes: codes.slice(1) }) : null },
    'POST /account/factor/confirm': { start: beginFactor, isDear: true, body: ({ secret: seed }) => ({ code: codeOf(seed) }), kept: { code: secret }, after: () => null },
    'POST /account/sessions/{id}/end': { isDear: true, path: ({ id }) => ({ id }), after: () => null,
        start: async (world) => {
            const person = await enterSomebody(world);
            await new Client(world.alliance).signIn(person.login, person.password);
            return { ...person, id: await sessionOf(person.client, false) };
        } },
    'POST /account/tokens': { as: 'editor', body: () => ({ label: `token ${next()}`, until: inAYear, right: `file@${OUR}` }), narrow: ['until', 'right'],
        kept: { label: nfc, until: any, right: any },
        show: async ({ people }) => ({ value: (await people.editor.get('/account/tokens', { json: true })).json.tokens[0].label,
            pages: [[people.editor, '/account/tokens']] }) },
    'POST /account/tokens/{id}/end': { as: 'editor', start: makeToken, path: ({ id }) => ({ id }), after: () => null },
    'POST /admin/people/{id}/factor': { as: 'admin', isDear: true, path: ({ id }) => ({ id }), after: () => null,
        start: async (world) => {
            const { login } = await enterInTwoSteps(world);
            return { id: (await world.people.admin.get(`/admin/people?login=${login}`, { json: true })).json.people[0].id };
        } },
    'POST /account/confirm': { start: enterSomebody, body: ({ password }) => ({ password, code: '', next: '/outlets', act: '', form: '' }), narrow: ['act', 'form'],
        kept: { password: secret, code: secret, next: place, act: any, form: any },
        show: (world, context, answer) => ({ value: answer.location, pages: [] }) },
    'POST /account/sessions': { start: enterSomebody }, 'POST /signout': { start: enterSomebody, after: () => null },
    'POST /invitations/{token}': { as: 'visitor', start: inviteSomebody, path: ({ token }) => ({ token }), body: () => ({ password: 'some pass phrase' }),
        kept: { password: secret }, after: () => null,
        show: async (world, context, answer, field, text) => ({ value: await signsIn(world, context.login, text), pages: [], isTold: true }) },
    'POST /admin/people': { as: 'admin', body: () => ({ login: `texts.${next()}`, name: 'Somebody', unit: `Unit ${next()}` }), narrow: ['login'],
        kept: { login: any, name: nfc, unit: any },
        show: async ({ people }, context, answer, field, text) => {
            const path = `/admin/people/${answer.json.id}`, { json } = await people.admin.get(path, { json: true });
            if (field === 'login') { /* folded: whoever writes it again finds the same person */
                const found = await people.admin.get(`/admin/people?login=${encodeURIComponent(text)}`, { json: true });
                return { value: found.json.people[0]?.id === answer.json.id, pages: [[people.admin, path]], isTold: true };
            }
            return { value: json.name, pages: [[people.admin, path]] };
        } },
    'POST /admin/people/{id}/grants': { as: 'admin', start: addPerson, path: ({ id }) => ({ id }),
        body: () => ({ role: '记者', outlet: OUR, from: '2099-01-01', until: '2099-12-31' }), kept: { role: line, outlet: line, from: any, until: any },
        narrow: ['role', 'outlet'], names: { until: (answer) => answer.json?.field === 'from', from: isRefusal(13), outlet: (answer) => answer.json?.field === 'role' },
        show: async ({ people }, { id }, answer, field) => {
            const path = `/admin/people/${id}`, { grants } = (await people.admin.get(path, { json: true })).json;
            return { value: grants[0][field], pages: [[people.admin, path]] };
        }, after: () => null },
    'POST /admin/people/{id}/invitation': { as: 'admin', start: addPerson, path: ({ id }) => ({ id }) },
    'POST /admin/people/{id}/end': { as: 'admin', start: addPerson, path: ({ id }) => ({ id }), after: () => null },
    'POST /admin/grants/{id}/end': { as: 'admin', path: ({ id }) => ({ id }), after: () => null,
        start: async (world) => {
            const { people } = world, { id } = await addPerson(world);
            must(await people.admin.post(`/admin/people/${id}/grants`, { role: '记者', outlet: OUR }, { json: true }), 200);
            return { id: (await people.admin.get(`/admin/people/${id}`, { json: true })).json.grants[0].id };
        } },
    'POST /admin/units': { as: 'admin', body: () => ({ name: `Unit ${next()}`, kind: '社团', parent: '' }), kept: { name: nfc, kind: line, parent: any },
        narrow: ['parent'], show: showUnit },
};

/** A unit's own row has no page: it is looked for in the pages of all. */
async function showUnit({ people }, context, answer, field) {
    let path = '/admin/units';
    for (let i = 0; i < 100; i++) {
        const { json } = await people.admin.get(path, { json: true });
        const unit = json.units.find((one) => one.id === answer.json.id);
        if (unit) return { value: unit[field], pages: [[people.admin, path]] };
        if (!json.next) break;
        path = `/admin/units?after=${json.next}`;
    }
    return { value: null, pages: [] };
}

/* ---- the rest ---- */

/** A row that the program itself would not make here, put beside it. */
function putRow({ alliance }, sql) {
    if (alliance.driver === 'postgres') execFileSync('psql', ['-q', alliance.url, '-c', sql]);
    else execFileSync('python3', ['-c', 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=20); c.execute(sys.argv[2]); c.commit()',
        join(alliance.data, 'record.db'), sql]);
}

/** Nothing is owed in a demo: a job that waits for a day far off. */
function addJob(world) {
    const id = 1000 + next();
    putRow(world, `INSERT INTO job (id, lane, kind, dedupe, dest, payload, due_ms, attempts, state, fence, lease_owner, lease_until_ms, last_error) ` +
        `VALUES (${id}, 3, 'texts.none', 'texts ${id}', '', '{}', 4102444800000, 0, 'waiting', 0, '', 0, '')`);
    return { id };
}

/** Long work that was stopped half-way: one that runs is done too soon to be asked for. */
function addWork(world) {
    const id = 1000 + next();
    putRow(world, `INSERT INTO work (id, kind, subject, outlet_id, actor_id, state, done, total, at, run, facts, last_error, started_ms, changed_ms) ` +
        `VALUES (${id}, 'search.rebuild', 'texts ${id}', 0, 0, 'stopped', 100, 250, 0, 0, '{}', '', 1795413720000, 1795413720000)`);
    return { id };
}

const others = {
    'GET /admin/jobs': { kept: { state: line } },
    'POST /admin/jobs/{id}/{act}': { as: 'admin', start: addJob, path: ({ id }) => ({ id, act: 'hold' }) },
    'GET /long-work/{id}': { as: 'admin' }, 'GET /desk/outlets/{no}/import': { as: 'admin' },
    'POST /admin/long-work': { as: 'admin', body: () => ({ kind: 'search.rebuild' }), kept: { kind: any } },
    'POST /admin/long-work/{id}/{act}': { as: 'admin', start: addWork, path: ({ id }) => ({ id, act: 'stop' }) },
    'POST /long-work/{id}/{act}': { as: 'admin', start: addWork, path: ({ id }) => ({ id, act: 'stop' }) },
    'GET /desk/articles': { kept: { outlet: any }, names: { outlet: isNotThere } },
    'GET /desk/articles/new': { kept: { outlet: any }, query: () => ({ outlet: OUR }), names: { outlet: isNoOutlet } },
    'GET /desk/articles/word': { kept: { outlet: any }, query: () => ({ outlet: OUR }), names: { outlet: isNoOutlet } },
    'GET /search': { kept: { q: line, outlet: any }, names: { outlet: isNotThere } },
    'POST /admin/settings': { as: 'admin', body: () => ({ name: '联盟', tagline: '', zone: 'Asia/Shanghai', missed: 'release' }),
        kept: { name: nfc, tagline: nfc, zone: line, missed: any },
        narrow: ['zone'], show: async ({ people }, context, answer, field) => ({ value: (await people.admin.get('/admin/settings', { json: true })).json[field],
            pages: [[people.admin, '/admin/settings'], ...field === 'zone' ? [] : [[people.reader, '/']]] }) },
};

/* ---- what was posted elsewhere ---- */

const aFeed = () => `https://feeds.invalid/${next()}`;

async function addFeed({ people }) {
    return must(await people.admin.post('/admin/feeds', { outlet: OUR, url: aFeed() }, { json: true }), 201);
}

const feedAct = (start = addFeed) => ({ as: 'admin', start, path: ({ id }) => ({ feed: id }), after: () => null });
const opml = (value) => Buffer.concat([Buffer.from(`<opml version="2.0"><body><outline text="`), Buffer.from(value),
    Buffer.from(`" xmlUrl="${aFeed()}"/></body></opml>`)]);

/** A subscription that no hub was asked for: its callback answers, and believes nobody. */
async function addHub(world) {
    const { id } = await addFeed(world), token = createHash('sha256').update(id).digest('base64url');
    const hash = createHash('sha256').update(token).digest('hex');
    world.alliance.sql(`INSERT INTO intake_hub VALUES (${id}, ${id}, 'https://hub.invalid/', 'https://hub.invalid/', 'https://feeds.invalid/', 'active', '',
        '${hash}', '', '', 0, 0, 0, 0, 0, 0, 0, '', '', 0, 0, 0)`);
    return { token };
}

const elsewhere = {
    'GET /websub/in/{token}': { as: 'visitor', start: addHub, path: ({ token }) => ({ token }), query: () => ({ 'hub.mode': 'denied', 'hub.topic': 'https://elsewhere.invalid/' }),
        kept: { 'hub.mode': any, 'hub.topic': any, 'hub.challenge': any, 'hub.lease_seconds': any, 'hub.reason': any }, names: { 'hub.mode': isNotThere } },
    'POST /websub/in/{token}': { as: 'visitor', start: addHub, path: ({ token }) => ({ token }) },
    'GET /deposits': { kept: { outlet: any }, names: { outlet: isNoOutlet } },
    'POST /outlets/{no}/deposits': { as: 'reporter', path: () => ({ no: OUR }), narrow: ['url', 'date'],
        body: () => ({ title: 'A title', url: `https://mp.invalid/${next()}`, date: '2026-01-05', text: '' }), kept: { title: nfc, url: any, date: any, text: any },
        show: async ({ people }, context, answer, field) => ({ value: (await people.reader.get(`/deposits/${answer.json.card}`, { json: true })).json[field],
            pages: [[people.reader, `/deposits/${answer.json.card}`]] }) },
    'POST /admin/feeds': { as: 'admin', narrow: ['url', 'outlet'], body: () => ({ outlet: OUR, url: aFeed() }), kept: { outlet: any, url: any }, names: { outlet: isNoOutlet } },
    'POST /admin/feeds/import': { as: 'admin', file: opml, narrow: ['outlet'], body: () => ({ outlet: OUR, dry_run: '1' }), kept: { outlet: any, dry_run: any },
        names: { file: isReport, outlet: isNoOutlet } },
    'POST /admin/feeds/first': { as: 'admin', narrow: ['outlet'], body: () => ({ outlet: OUR, act: 'stop' }), kept: { outlet: any, act: any }, names: { outlet: isNoOutlet } },
    'POST /admin/feeds/poll': { as: 'admin', body: () => ({ now: '' }), kept: { now: any } },
    'POST /admin/feeds/{feed}/fetch': feedAct(), 'POST /admin/feeds/{feed}/pause': feedAct(), 'POST /admin/feeds/{feed}/end': feedAct(),
    'POST /admin/feeds/{feed}/resume': feedAct(async (world) => {
        const feed = await addFeed(world);
        must(await world.people.admin.post(`/admin/feeds/${feed.id}/pause`, {}, { json: true }), 200);
        return feed;
    }),
};

/* ---- what a newsroom means to do ---- */

async function aPitch({ people }) {
    return { ...must(await people.reporter.post(`/outlets/${OUR}/pitches`, { title: 'A pitch', why: 'Because.' }, { json: true }), 201) };
}

const lastStep = shown((json) => json.steps.at(-1).text, ({ id }) => `/desk/pitches/${id}`);
const pitchAct = (as, fields, more = {}) => ({ as, start: aPitch, path: ({ id }) => ({ pitch: id }), body: ({ version }) => ({ version, ...fields }), after: () => null, ...more });

const due = { due_at: '2035-01-05T18:00', due_zone: 'Asia/Shanghai' };
const assignmentAct = (as, fields, more = {}) => ({ as, start: ({ people }) => assignedPitch(people), path: ({ assignment }) => ({ assignment }),
    body: ({ version }) => ({ version, ...fields }), after: () => null, ...more });

const planning = {
    'GET /desk/outlets/{no}/pitches': { as: 'editor', path: () => ({ no: OUR }), kept: { state: any } },
    'POST /outlets/{no}/pitches': { as: 'reporter', path: () => ({ no: OUR }), narrow: ['wished_on'],
        body: () => ({ title: 'A pitch', why: 'Because.', kind: '消息', wished_on: '2099-01-05' }), kept: { title: nfc, why: line, kind: any, wished_on: any },
        show: async ({ people }, context, answer, field) => ({ value: (await people.reporter.get(answer.json.url, { json: true })).json.pitch[field],
            pages: [[people.reporter, answer.json.url]] }) },
    'POST /pitches/{pitch}/accept': pitchAct('editor', { reason: 'A reason.' }, { kept: { reason: line }, show: lastStep }),
    'POST /pitches/{pitch}/decline': pitchAct('editor', { reason: 'A reason.' }, { kept: { reason: line }, show: lastStep }),
    'GET /desk/calendar': { as: 'editor', narrow: ['outlet', 'day'], query: () => ({ outlet: OUR, view: 'month', day: '2030-05-01' }), kept: { outlet: any, view: any, day: any }, names: { outlet: isNotThere } },
    'POST /account/calendar': { as: 'reporter' },
    'GET /calendar/{token}.ics': { as: 'visitor', path: ({ token }) => ({ token }),
        start: async ({ people }) => ({ token: must(await people.teacher.post('/account/calendar', {}, { json: true }), 200).link.split('/').pop().replace('.ics', '') }) },
    'POST /account/calendar/end': { as: 'reporter', start: async ({ people }) => must(await people.reporter.post('/account/calendar', {}, { json: true }), 200), after: () => null },
    'POST /outlets/{no}/calendar': { as: 'editor', path: () => ({ no: OUR }) },
    'POST /outlets/{no}/calendar/end': { as: 'editor', path: () => ({ no: OUR }), start: async ({ people }) => must(await people.editor.post(`/outlets/${OUR}/calendar`, {}, { json: true }), 200), after: () => null },
    'POST /pitches/{pitch}/move': pitchAct('editor', { wished_on: '2099-01-05' }, { narrow: ['wished_on'], kept: { wished_on: any } }),
    'POST /pitches/{pitch}/assign': { as: 'editor', narrow: ['person', 'outlet', 'due_at', 'due_zone'], after: () => null,
        start: async (world) => {
            const { pitch, person } = await assignedPitch(world.people);
            return { pitch, person, version: (await world.people.editor.get(`/desk/pitches/${pitch}`, { json: true })).json.pitch.version };
        },
        path: ({ pitch }) => ({ pitch }), body: ({ version, person }) => ({ version, person, outlet: OUR, kind: '消息', ...due }),
        kept: { person: any, outlet: any, kind: any, due_at: any, due_zone: any }, names: { outlet: isNoOutlet } },
    'POST /assignments/{assignment}/begin': assignmentAct('reporter', {}),
    'POST /assignments/{assignment}/move': assignmentAct('editor', due, { narrow: ['due_at', 'due_zone'], kept: { due_at: any, due_zone: any } }),
    'POST /assignments/{assignment}/drop': assignmentAct('editor', { reason: 'A reason.' }, { kept: { reason: line },
        show: shown((json) => json.assignment.reason, ({ assignment }) => `/desk/assignments/${assignment}`) }),
    'POST /pitches/{pitch}/withdraw': pitchAct('reporter', {}),
    'POST /pitches/{pitch}/notes': { ...pitchAct('reporter', {}), body: () => ({ text: 'A note.' }), kept: { text: line }, show: lastStep },
};

export const drivers = { ...planning, ...elsewhere, ...ofChecks, ...ofOthers, ...ofProof, ...stories, ...register, ...reviews, ...handovers, ...files, ...persons, ...others };
/** Of these names a value may have several lines; of every other one it may not, and the strings say so. */
export const linesNamed = new Set(['text', 'sources', 'more_pictures', 'purpose', 'reason', 'why', 'body', 'findings', 'measure', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8']);
/** What every form may carry beside its own fields, sent through one of them; and the language that every address takes. */
export const common = [
    { row: 'POST /articles/{id}', name: 'csrf', kind: 'line', names: (answer) => answer.status === 403 },
    { row: 'POST /articles/{id}', name: 'version', kind: 'id', names: (answer) => [409, 412, 428].includes(answer.status) },
    { row: 'POST /articles/{id}', name: 'idempotency_key', kind: 'line' },
    { row: 'GET /outlets', name: 'lang', kind: 'choice' },
];

/** What the names in the paths of reads stand for; a name that is not here has no case. */
export async function valuesOf(world) {
    const { people } = world, work = addWork(world).id;
    const [story] = (await people.reader.get(`/outlets/${OUR}`, { json: true })).json.stories;
    const [person] = (await people.admin.get('/admin/people', { json: true })).json.people;
    const pictured = (await storiesOf(people.reader)).find((one) => one.picture);
    const application = must(await people.editor.post('/outlets/apply', newCard(), { json: true }), 201);
    const link = { title: 'A link', url: `https://mp.invalid/${next()}`, text: '' };
    const deposit = must(await people.editor.post(`/outlets/${OUR}/deposits`, link, { json: true }), 201);
    must(await people.editor.post(`/outlets/${OUR}/deposits`, { ...link, title: 'The link' }, { json: true }), 200);
    const feed = await addFeed({ people }), pitch = await aPitch({ people });
    const { assignment } = await assignedPitch(people);
    const { version } = must(await people.admin.get('/desk/proofreading/rules', { json: true }), 200);
    must(await people.admin.post('/proofreading/rules', { version, text: `liandong-proof 1\n# ${next()}`, note: 'A list.' }, { json: true }), 200);
    const unit = (await people.reader.get(`/outlets/${OUR}`, { json: true })).json.outlet.unit_id;
    return { 'GET /desk/units/{id}': { id: unit }, kind: 'rules', pitch: pitch.id, assignment, 'GET /deposits/{id}': { id: deposit.id }, 'GET /deposits/{id}/diff/{a}..{b}': { id: deposit.id, a: '1', b: '2' },
        feed: feed.id, no: OUR, card: OUR, id: story.id, n: '1', a: '1', b: '1', name: 'R7', hash: pictured.picture.hash, level: '0',
        'GET /log/tile/{level}/{n}': { n: '000.p/1' }, 'GET /log/tile/entries/{n}': { n: '000.p/1' }, 'GET /admin/people/{id}': { id: person.id },
        'GET /admin/long-work/{id}': { id: work }, 'GET /long-work/{id}': { id: work }, 'GET /outlets/applications/{id}': { id: application.id } };
}

/** The link of the page that shows one; it is not used up by looking. */
export const tokenOf = async (world) => (await inviteSomebody(world)).token;
