// tests/http/sign_in.mjs - the second step, step-up that keeps the form, tokens of programs, sessions: from outside.
import { codeOf } from '../lib/totp.mjs';
import { Client, OTHER, OUR, makeStory } from './lib.mjs';

const password = '雨后第一班校车来了';
let made = 0;

/** A new person with roles, whose password is set by the link. */
async function newPerson({ alliance, people: { admin } }, roles) {
    const login = `tester.${++made}`, must = (answer, status) => {
        if (answer.status !== status) throw new Error(`${login}: ${answer.status} ${answer.text.slice(0, 300)}`);
        return answer.json;
    };
    const { id } = must(await admin.post('/admin/people', { login, name: '林试之' }, { json: true }), 201);
    for (const [role, outlet] of roles) must(await admin.post(`/admin/people/${id}/grants`, { role, outlet }, { json: true }), 200);
    const { link } = must(await admin.post(`/admin/people/${id}/invitation`, {}, { json: true }), 200);
    const guest = new Client(alliance);
    must(await guest.post(new URL(link).pathname, { password }, { json: true }), 200);
    return { id, login };
}

const hidden = (text, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1].replaceAll('&amp;', '&').replaceAll('&quot;', '"') ?? null;

async function turnsOn({ suite, alliance }, person) {
    const client = await new Client(alliance).signIn(person.login, password);
    await client.get('/account/factor');
    suite.equal('a secret is made', (await client.post('/account/factor', {})).status, 303);
    const page = await client.get('/account/factor');
    const secret = /id="secret">([A-Z2-7]{32})</.exec(page.text)?.[1];
    suite.check('the page shows the secret and its address', secret && page.text.includes(`otpauth://totp/`) && page.text.includes(`secret=${secret}`), page.text.slice(-900));
    suite.equal('a wrong code turns nothing on', (await client.post('/account/factor/confirm', { code: 'abcdef' })).status, 422);
    const on = await client.post('/account/factor/confirm', { code: codeOf(secret) });
    const codes = [...on.text.matchAll(/<code>([a-z2-7-]{19})<\/code>/g)].map(([, code]) => code);
    suite.check('ten recovery codes are shown once', on.status === 200 && new Set(codes).size === 10, `${on.status} ${codes.length}`);
    const after = await client.get('/account/factor');
    suite.check('neither secret nor codes are shown again', !after.text.includes(secret) && codes.every((code) => !after.text.includes(code)));
    suite.acted('factor.set', person.id);
    return { client, secret, codes };
}

/** Name and password; code() is what the second step is answered, as often as its ticket lets. */
async function firstStep(alliance, login) {
    const client = new Client(alliance);
    await client.get('/signin');
    const first = await client.post('/signin', { login, password });
    const fields = { login: hidden(first.text, 'login'), ticket: hidden(first.text, 'ticket'), next: '/account' };
    return { client, first, code: (code, options, from = client) => from.post('/signin/code', { ...fields, code }, options) };
}

async function signsIn(world, person, { secret, codes }) {
    const { suite, alliance } = world, now = codeOf(secret, 1); /* that of this half minute turned it on */
    const good = await firstStep(alliance, person.login);
    suite.check('the password alone opens nothing', good.first.status === 200 && !good.first.headers.get('set-cookie') && good.client.cookie === '');
    suite.check('the ticket stands in no address', good.first.location === null && hidden(good.first.text, 'ticket')?.length === 43);
    const entered = await good.code(now);
    suite.check('with the code the person is in', entered.status === 303 && entered.location === '/account' && (await good.client.get('/account')).status === 200,
        `${entered.status} ${entered.text.slice(0, 300)}`);
    const second = await firstStep(alliance, person.login), replay = await second.code(now);
    suite.check('the same code does not work twice', replay.status === 422 && second.client.cookie === '' && replay.text.includes('This code is wrong or was used before.'), replay.status);
    suite.check('the page asks again with the same ticket', hidden(replay.text, 'ticket') === hidden(second.first.text, 'ticket') && !replay.text.includes(now));
    suite.equal('a recovery code lets in', (await second.code(codes[0].toUpperCase().replaceAll('-', ' '))).status, 303);
    const recovered = await firstStep(alliance, person.login);
    suite.equal('and only once; a program is told 401', (await recovered.code(codes[0], { json: true })).status, 401);
    suite.equal('another one does', (await recovered.code(codes[1])).status, 303);
    suite.equal('then the ticket is used up', (await recovered.code(codes[2], { json: true }, new Client(alliance))).status, 401);
    const left = await recovered.client.get('/account', { json: true });
    suite.check('the page says how many are left', left.json.factor.codes_left === 8 && left.json.factor.is_on === true, JSON.stringify(left.json.factor));
    const a = await new Client(alliance).post('/signin', { login: person.login, password: 'wrong password' });
    const b = await new Client(alliance).post('/signin', { login: 'nobody.at.all', password: 'wrong password' });
    const told = (text) => /role="alert">([^<]+)</.exec(text)?.[1];
    suite.check('a wrong password tells nothing of the second step', a.status === b.status && told(a.text) === told(b.text) && told(a.text), `${a.status} ${b.status}`);
    return recovered.client;
}

/** Guesses of the code are counted by the account, whatever ticket they come with, and a right password forgives none. */
async function isSlow(world, person) {
    const { suite, alliance } = world;
    let slowed = 0;
    for (let i = 0; i < 5 && !slowed; i++) {
        const client = new Client(alliance), first = await client.post('/signin', { login: person.login, password });
        if (first.status === 429) { slowed = i + 1; break; }
        for (let k = 0; k < 2; k++) {
            const answer = await client.post('/signin/code', { login: hidden(first.text, 'login'), ticket: hidden(first.text, 'ticket'), code: '000000x' });
            if (answer.status === 429 && answer.headers.get('retry-after')) slowed = i + 1;
        }
    }
    suite.check('guessing codes is slowed down although the password is right', slowed > 0 && slowed < 4, slowed);
}

/** A grant makes sessions stale; then a form that demands a fresh password is kept, and finished by a button. */
async function keepsTheForm(world) {
    const { suite, alliance, people: { admin } } = world;
    const person = await newPerson(world, [['管理员', '']]), other = await newPerson(world, []);
    const client = await new Client(alliance).signIn(person.login, password);
    await admin.post(`/admin/people/${person.id}/grants`, { role: '登记员' }, { json: true });
    const path = `/admin/people/${other.id}/grants`, fields = { role: '责任编辑', outlet: OUR };
    await client.get(`/admin/people/${other.id}`);
    const asked = await client.post(path, fields, { headers: { Referer: `${alliance.origin}/admin/people/${other.id}` } });
    suite.check('a grant demands a fresh password', asked.status === 403 && asked.text.includes('action="/account/confirm"'), asked.status);
    suite.check('nothing was done', (await admin.get(`/admin/people/${other.id}`, { json: true })).json.grants.length === 0);
    const keep = { act: hidden(asked.text, 'act'), form: hidden(asked.text, 'form'), next: hidden(asked.text, 'next') };
    suite.check('what was typed is kept', keep.act === path && keep.form.includes(`outlet=${OUR}`) && !keep.form.includes('csrf'), JSON.stringify(keep));
    const wrong = await client.post('/account/confirm', { ...keep, password: 'not the password' });
    suite.check('also over a wrong password', wrong.status === 422 && hidden(wrong.text, 'form') === keep.form, wrong.status);
    const right = await client.post('/account/confirm', { ...keep, password });
    suite.check('then there is a button with what is about to be done', right.status === 200 && right.text.includes(`action="${path}"`) && right.text.includes('责任编辑') &&
        hidden(right.text, 'outlet') === OUR, right.text.slice(-800));
    const done = await client.post(path, { role: hidden(right.text, 'role'), outlet: hidden(right.text, 'outlet') });
    suite.equal('which does it', done.status, 303);
    suite.acted('grant.given', other.id);
    const program = await client.post('/account/confirm', { ...keep, password }, { json: true });
    suite.equal('a program gets no page', program.json?.name, '林试之');
    for (const act of ['/signout', '//evil.example/', 'https://evil.example/', '/account/sessions', '/nowhere']) {
        const page = await client.get('/account');
        suite.check('the account has forms', page.status === 200, page.status);
        const answer = await client.post('/account/confirm', { ...keep, act, password });
        suite.check(`no button for ${act}`, answer.status === 303 && answer.location === keep.next, `${answer.status} ${answer.location}`);
        await client.get('/desk');
    }
}

const bearer = (token) => ({ Authorization: `Bearer ${token}` });

async function tokens(world) {
    const { suite, alliance, reader, people } = world;
    const person = await newPerson(world, [['责任编辑', OUR], ['记者', OTHER]]);
    const client = await new Client(alliance).signIn(person.login, password);
    const until = new Date(Date.now() + 40 * 86400000).toISOString().slice(0, 10);
    const make = (fields, options) => client.post('/account/tokens', { label: '夜间抓取', until, ...fields }, options);
    const page = await client.get('/account/tokens');
    suite.check('only own rights are offered', page.text.includes(`value="file@${OUR}"`) && page.text.includes(`value="release@${OUR}"`) &&
        !page.text.includes(`value="release@${OTHER}"`) && !page.text.includes('value="people'));
    for (const [what, fields] of [['nothing ticked', {}], ['not held', { right: `release@${OTHER}` }], ['of the house', { right: 'people' }], ['no such outlet', { right: 'file@CC999' }],
        ['withdrawing', { right: `withdraw@${OUR}` }], ['over a year', { right: `file@${OUR}`, until: '2099-01-01' }], ['a day gone by', { right: `file@${OUR}`, until: '2020-01-01' }]])
        suite.equal(`no token: ${what}`, (await make(fields, { json: true })).status, 422);
    const again = await make({ right: [`file@${OUR}`, `drafts@${OUR}`], until: '2020-01-01' });
    suite.check('ticks survive a mistake', again.status === 422 && (again.text.match(/name="right"[^>]* checked>/g) ?? []).length === 2, again.status);
    const shown = await make({ right: [`file@${OUR}`, `drafts@${OUR}`] });
    const plain = /id="token">(ld_[0-9A-Za-z]{49})</.exec(shown.text)?.[1];
    suite.check('the token is shown once', shown.status === 200 && plain && !(await client.get('/account/tokens')).text.includes(plain), shown.status);
    suite.acted('token.made', person.id);
    const releases = (await make({ right: [`file@${OUR}`, `drafts@${OUR}`, `release@${OUR}`] }, { json: true })).json.token;
    const program = (token, method, path, body) => reader.request(method, path, { json: true, body: body && JSON.stringify(body),
        headers: { ...bearer(token), ...(body ? { 'Content-Type': 'application/json' } : {}) } });
    const filed = await program(plain, 'POST', '/articles', { outlet: OUR, kind: '消息', title: 'By a program', text: 'x' });
    suite.check('it files at the ticked outlet', filed.status === 201, filed.text.slice(0, 200));
    suite.acted('manuscript.filed', filed.json.id);
    suite.equal('not at another one that its person may', (await program(plain, 'POST', '/articles', { outlet: OTHER, kind: '消息', title: 'x', text: 'x' })).status, 404);
    const waiting = await makeStory(suite, { author: people.reporter, title: 'For a program', to: 'submitted' });
    const release = (token) => program(token, 'POST', `/articles/${waiting.id}/release`, { version: waiting.version });
    suite.equal('it releases nothing unless that was ticked', (await release(plain)).status, 404);
    const released = await release(releases);
    suite.check('with the tick it does', released.status === 200, released.text.slice(0, 200));
    suite.acted('manuscript.released', waiting.id);
    suite.equal('but never what needs the person', (await program(releases, 'POST', `/articles/${waiting.id}/withdraw`, { version: released.json.version, reason: 'x' })).status, 404);
    for (const [path, body] of [['/account/tokens', { label: 'x', until, right: [`file@${OUR}`] }], ['/account/factor', {}], ['/account/factor/end', {}], ['/account/sessions', {}],
        ['/account/password', { old: password, password: 'another good one' }], [`/account/sessions/1/end`, {}], [`/account/tokens/1/end`, {}]])
        suite.equal(`nor ${path}`, (await program(releases, 'POST', path, body)).status, 403);
    suite.equal('in a cookie it is worth nothing', (await reader.get('/account', { json: true, headers: { Cookie: `__Host-liandong=${plain}` } })).status, 401);
    const list = (await client.get('/account/tokens', { json: true })).json.tokens;
    suite.check('its use is noted by the day', list.length === 2 && list.every((one) => one.seen !== '' && one.is_open), JSON.stringify(list));
    await client.get('/account/tokens');
    suite.equal('it is revoked', (await client.post(`/account/tokens/${list[1].id}/end`, {})).status, 303);
    suite.acted('token.ended', person.id);
    const gone = await program(plain, 'GET', '/account');
    suite.check('at once, with a sentence', gone.status === 401 && gone.json.detail.length > 20, gone.text);
    const { grants } = (await people.admin.get(`/admin/people/${person.id}`, { json: true })).json;
    await people.admin.post(`/admin/grants/${grants.find((one) => one.outlet === OUR).id}/end`, {}, { json: true });
    suite.equal('and the other may nothing when the role ends', (await program(releases, 'POST', '/articles', { outlet: OUR, kind: '消息', title: 'x', text: 'x' })).status, 404);
    const cli = alliance.runPatiently(['job', 'list', '--json'], { env: { LIANDONG_TOKEN: releases } });
    suite.check('the command line takes it, and its rights', cli.status === 2 && cli.err.length > 10, `${cli.status} ${cli.err}`);
}

async function sessions(world) {
    const { suite, alliance } = world, person = await newPerson(world, []);
    const here = await new Client(alliance).signIn(person.login, password), there = await new Client(alliance).signIn(person.login, password);
    const third = await new Client(alliance).signIn(person.login, password);
    const { json } = await here.get('/account', { json: true });
    suite.check('all are listed, one is this', json.sessions.length >= 3 && json.sessions.filter((one) => one.is_current).length === 1, JSON.stringify(json.sessions));
    const id = (await there.get('/account', { json: true })).json.sessions.find((one) => one.is_current).id;
    await here.get('/account');
    const other = await newPerson(world, []), stranger = await new Client(alliance).signIn(other.login, password);
    suite.equal("another person's is not there", (await stranger.post(`/account/sessions/${id}/end`, {}, { json: true })).status, 404);
    suite.equal('one ends', (await here.post(`/account/sessions/${id}/end`, {})).status, 303);
    suite.check('that one and no other', (await there.get('/account')).status === 303 && (await third.get('/account')).status === 200);
    suite.equal('all others end', (await here.post('/account/sessions', {})).status, 303);
    suite.check('but this', (await third.get('/account')).status === 303 && (await here.get('/account')).status === 200);
}

async function isTakenAway(world, person, client) {
    const { suite, alliance, people: { admin, registrar } } = world;
    suite.equal('an administrator takes it away', (await admin.post(`/admin/people/${person.id}/factor`, {}, { json: true })).status, 200);
    suite.acted('factor.reset', person.id);
    suite.equal('all sessions end', (await client.get('/account')).status, 303);
    suite.equal('there is nothing left to take', (await registrar.post(`/admin/people/${person.id}/factor`, {}, { json: true })).status, 409);
}

/** Also where somebody who is signed in guesses: for the own password once more, or for another's sign-in. */
async function isCounted(world) {
    const { suite, alliance } = world;
    const person = await newPerson(world, []), victim = await newPerson(world, []);
    const client = await new Client(alliance).signIn(person.login, password);
    const statuses = [];
    for (let i = 0; i < 8; i++) statuses.push((await client.post('/account/confirm', { password: 'not the password' })).status);
    suite.check('confirming is slowed down', statuses.slice(0, 3).join(' ') === '422 422 422' && statuses.includes(429), statuses.join(' '));
    const other = await new Client(alliance).signIn((await newPerson(world, [])).login, password);
    for (let i = 0; i < 6; i++) await other.post('/signin', { login: victim.login, password: 'not the password' });
    suite.equal("guesses at another's password count for that account", (await new Client(alliance).post('/signin', { login: victim.login, password })).status, 429);
}

export async function testSignIn(world) {
    const person = await newPerson(world, []);
    const on = await turnsOn(world, person);
    const client = await signsIn(world, person, on);
    await isTakenAway(world, person, client);
    await keepsTheForm(world);
    await tokens(world);
    await sessions(world);
    const slow = await newPerson(world, []);
    await turnsOn(world, slow);
    await isSlow(world, slow);
    await isCounted(world);
}
