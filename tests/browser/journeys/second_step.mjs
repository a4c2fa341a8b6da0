// tests/browser/journeys/second_step.mjs - a person guards the own account and lets a program in.
import { Client } from '../../lib/server.mjs';
import { codeOf } from '../../lib/totp.mjs';
import { Visit } from '../visit.mjs';

export const sentence = 'A person turns the second step on, comes in with a code and with a recovery code once, makes a token, uses and revokes it';

const password = '湖边的第二棵柳树';

/** Somebody new with a role, let in by an administrator who needs no browser for it. */
async function newPerson(world, setting) {
    const admin = await new Client(world.alliance).signIn('kang.shining'), guest = new Client(world.alliance);
    const login = `shou.${setting.lang}${Date.now().toString(36)}`;
    const must = (answer, status) => {
        if (answer.status !== status) throw new Error(`${login}: ${answer.status} ${answer.text.slice(0, 300)}`);
        return answer.json;
    };
    const { id } = must(await admin.post('/admin/people', { login, name: '守夜人' }, { json: true }), 201);
    must(await admin.post(`/admin/people/${id}/grants`, { role: '责任编辑', outlet: 'CC001' }, { json: true }), 200);
    const { link } = must(await admin.post(`/admin/people/${id}/invitation`, {}, { json: true }), 200);
    must(await guest.post(new URL(link).pathname, { password }, { json: true }), 200);
    return login;
}

async function entersByPassword(visit, login) {
    await visit.go('/signin');
    await visit.send('/signin', { login, password });
}

async function turnsOn(visit, login) {
    await entersByPassword(visit, login);
    await visit.go('/account');
    await visit.look('account without a second step');
    await visit.follow(visit.link('/account/factor'));
    await visit.look('second step, off');
    await visit.send('/account/factor');
    const secret = (await visit.main.locator('#secret').innerText()).trim();
    visit.check('the secret can be copied', /^[A-Z2-7]{32}$/.test(secret), secret);
    visit.check('so can its address', (await visit.main.locator('#uri').innerText()).startsWith('otpauth://totp/'));
    visit.check('a telephone can scan it', await visit.main.getByRole('img', { name: visit.words('The secret as a QR code, to be scanned by the app') }).isVisible());
    await visit.look('second step, begun');
    await visit.send('/account/factor/confirm', { code: 'abcdef' }, 422);
    await visit.refusedAt('a wrong code', 'code', visit.words('This code is wrong. Is the clock of the telephone right?'));
    await visit.send('/account/factor/confirm', { code: codeOf(secret) });
    const codes = await visit.main.locator('li code').allInnerTexts();
    visit.equal('ten recovery codes are shown', codes.length, 10);
    await visit.look('recovery codes');
    await visit.follow(visit.link('/account'));
    await visit.shows('the account says how many are left', '10');
    return { secret, codes };
}

async function leaves(visit) {
    await visit.after(() => visit.page.getByRole('banner').locator('form[action^="/signout"]').getByRole('button').click());
}

async function comesIn(visit, login, { secret, codes }) {
    await leaves(visit);
    await entersByPassword(visit, login);
    await visit.shows('the password alone asks for the code', visit.words('Your password is right. Type the code that your authenticator shows now, or one of your recovery codes.'));
    await visit.look('code of the second step');
    await visit.send('/signin/code', { code: codeOf(secret, 1) });
    visit.equal('with the code the person arrives', visit.path, '/desk');
    await leaves(visit);
    await entersByPassword(visit, login);
    await visit.send('/signin/code', { code: codes[4] });
    visit.equal('with a recovery code, too', visit.path, '/desk');
    await leaves(visit);
    await entersByPassword(visit, login);
    await visit.send('/signin/code', { code: codes[4] }, 422);
    await visit.refusedAt('the same recovery code', 'code', visit.words('This code is wrong or was used before.'));
    await visit.send('/signin/code', { code: codes[5] });
    visit.equal('another one works', visit.path, '/desk');
}

/** A program over HTTP: no cookie, no browser. */
async function asProgram(visit, token, method, path, body) {
    return fetch(visit.origin + path, { method, body: body && JSON.stringify(body),
        headers: { Accept: 'application/json', Authorization: `Bearer ${token}`, ...(body ? { 'Content-Type': 'application/json' } : {}) } });
}

async function letsAProgramIn(visit) {
    await visit.go('/account');
    await visit.look('account with a second step');
    await visit.follow(visit.link('/account/tokens'));
    await visit.look('no tokens');
    const form = visit.form('/account/tokens');
    await form.locator('xpath=ancestor::details[not(@open)]/summary').click();
    await form.locator('input[value="file@CC001"]').check();
    await visit.send('/account/tokens', { label: '夜班', until: '2020-01-01' }, 422);
    await visit.refusedAt('a day gone by', 'until', visit.words('The end lies before the beginning.'));
    visit.check('what was ticked stays', await visit.main.locator('input[value="file@CC001"]').isChecked());
    await visit.look('tokens, one refused');
    await visit.send('/account/tokens', { until: new Date(Date.now() + 30 * 86400000).toISOString().slice(0, 10) });
    const token = (await visit.main.locator('#token').innerText()).trim();
    visit.check('the token is of a form that scanners know', /^ld_[0-9A-Za-z]{49}$/.test(token), token);
    await visit.look('a new token');
    const filed = await asProgram(visit, token, 'POST', '/articles', { outlet: 'CC001', kind: '消息', title: '程序交来的一篇', text: '夜里写的。' });
    visit.equal('the program files a story', filed.status, 201);
    await visit.go('/account/tokens');
    await visit.look('tokens');
    await visit.after(() => visit.main.locator('form[action^="/account/tokens/"]').getByRole('button').click());
    await visit.shows('it is revoked', visit.words('revoked'));
    const gone = await asProgram(visit, token, 'GET', '/account');
    visit.equal('a revoked token opens nothing', gone.status, 401);
}

/** Another browser of the same person, ended from this one. */
async function endsTheOther(visit, world, setting, told, login, codes) {
    const other = await Visit.open(world, setting, told);
    try {
        await entersByPassword(other, login);
        await other.send('/signin/code', { code: codes[6] });
        await visit.go('/account');
        await visit.after(() => visit.main.locator('form[action^="/account/sessions/"]').getByRole('button').first().click());
        await other.go('/account');
        other.equal('the ended session asks to sign in', other.path, '/signin');
    } finally {
        await other.close();
    }
}

export async function run(world, setting, told) {
    const visit = await Visit.open(world, setting, told);
    try {
        const login = await newPerson(world, setting);
        const factor = await turnsOn(visit, login);
        await comesIn(visit, login, factor);
        await letsAProgramIn(visit);
        await endsTheOther(visit, world, setting, told, login, factor.codes);
        await visit.go('/account/factor');
        await visit.look('second step, on');
        await visit.send('/account/factor/end');
        await visit.shows('it is off', visit.words('Off: whoever learns your password is in.'));
    } catch (error) {
        await visit.keep(`second-step-${setting.lang}`);
        throw error;
    } finally {
        await visit.close();
    }
}
