// tests/http/commands.mjs - the command line calls the same routes, with a running server and without one.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Alliance, root } from '../lib/server.mjs';
import { codeOf } from '../lib/totp.mjs';
import { Client } from './lib.mjs';

const roster = readFileSync(join(root, 'demo/outlets.csv'), 'utf8').trim().split('\n');
const lines = (text) => text.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
const outcomes = (text) => lines(text).map((row) => row.outcome);

function expect(suite, what, done, status) {
    suite.equal(`${what} ends with ${status} ${done.err.slice(0, 200)}`, done.status, status);
    if (status === 2) suite.check(`${what} says one line and prints nothing`, done.out === '' && /^[^\n]+\n$/.test(done.err), `${done.out} ${done.err}`);
    return done;
}

/** Whether the server is there or not, each must be told the same. */
function testImport(suite, where, run) {
    const imports = (text, ...flags) => run(['import', 'outlets', '-', '--json', ...flags], { input: text });
    const good = roster.slice(0, 6).join('\n') + '\n', changed = good.replace(/,7,18420,/, ',7,18421,');
    let done = expect(suite, `${where}: a dry run`, imports(good, '--dry-run'), 0);
    suite.check(`${where}: all rows would be new`, outcomes(done.out).join() === Array(5).fill('new').join(), done.out);
    done = expect(suite, `${where}: again dry`, imports(good, '--dry-run'), 0);
    suite.check(`${where}: nothing was written`, outcomes(done.out)[0] === 'new', done.out);
    done = expect(suite, `${where}: the roster`, imports(good), 0);
    suite.equal(`${where}: five are new`, outcomes(done.out).filter((word) => word === 'new').length, 5);
    done = expect(suite, `${where}: the second time`, imports(good), 0);
    suite.equal(`${where}: all are the same`, outcomes(done.out).filter((word) => word === 'same').length, 5);
    done = expect(suite, `${where}: one cell changed`, imports(changed), 0);
    suite.equal(`${where}: one is changed`, outcomes(done.out).filter((word) => word === 'changed').length, 1);
    done = expect(suite, `${where}: with a byte order mark`, imports('\ufeff' + changed), 0);
    suite.equal(`${where}: it is the same`, outcomes(done.out).filter((word) => word === 'same').length, 5);
    done = expect(suite, `${where}: with CR LF`, imports(changed.replaceAll('\n', '\r\n')), 0);
    suite.equal(`${where}: it is the same too`, outcomes(done.out).filter((word) => word === 'same').length, 5);
    const gbk = execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GBK'], { input: changed });
    done = expect(suite, `${where}: in GBK`, imports(gbk), 0);
    suite.equal(`${where}: GBK is the same`, outcomes(done.out).filter((word) => word === 'same').length, 5);
    const quoted = changed.split('\n').map((line) => line && line.split(',').map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n');
    done = expect(suite, `${where}: all cells quoted`, imports(quoted), 0);
    suite.equal(`${where}: quoted is the same`, outcomes(done.out).filter((word) => word === 'same').length, 5);

    const bad = [roster[0], roster[6], roster[7].replace('校级', '特级').replace('二级', '特级')].join('\n') + '\n';
    done = expect(suite, `${where}: one bad row`, imports(bad), 1);
    suite.check(`${where}: it is refused and says why`, outcomes(done.out).includes('refused') && lines(done.out).find((row) => row.outcome === 'refused').reasons.length > 0, done.out);
    done = expect(suite, `${where}: the same dry`, imports(bad, '--dry-run'), 1);
    done = expect(suite, `${where}: the good row of it alone`, imports([roster[0], roster[6]].join('\n'), '--dry-run'), 0);
    suite.equal(`${where}: was not written`, outcomes(done.out)[0], 'new');
    done = expect(suite, `${where}: a row twice`, imports([roster[0], roster[8], roster[8]].join('\n')), 1);
    suite.check(`${where}: the second is refused`, outcomes(done.out).includes('refused'), done.out);
    for (const [what, text] of [['an empty file', ''], ['headings only', roster[0] + '\n'], ['no roster', 'a,b,c\n1,2,3\n'], ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0])],
        ['a page', '<!doctype html><title>x</title>'], ['an open quote', roster[0] + '\n"CC']])
        expect(suite, `${where}: ${what}`, imports(text), 2);
    done = expect(suite, `${where}: a column of quotas`, imports(`${roster[0]},任务条数\n${roster[9]},5\n`), 1);
    suite.check(`${where}: is refused by R4`, lines(done.out).some((row) => row.rule === 4), done.out);
    expect(suite, `${where}: a file that is not there`, run(['import', 'outlets', '/nonexistent/file.csv']), 2);
}

function testPeople(suite, where, run, n) {
    const login = `clerk.${n}`;
    let done = expect(suite, `${where}: user add`, run(['user', 'add', login, '文书', '--unit', '办公室']), 0);
    const token = /\/invitations\/([A-Za-z0-9_-]{20,})/.exec(done.out)?.[1];
    suite.check(`${where}: prints a link`, token, done.out);
    expect(suite, `${where}: the same person again`, run(['user', 'add', login, '文书']), 2);
    expect(suite, `${where}: a role`, run(['user', 'grant', login, '记者', '--outlet', 'CC001']), 0);
    expect(suite, `${where}: a role with its last day`, run(['user', 'grant', login, '登记员', '--until', '2099-12-31']), 0);
    expect(suite, `${where}: no such role`, run(['user', 'grant', login, '皇帝']), 2);
    expect(suite, `${where}: no such outlet`, run(['user', 'grant', login, '记者', '--outlet', 'NONE']), 2);
    expect(suite, `${where}: an outlet's role for all`, run(['user', 'grant', login, '记者']), 2);
    expect(suite, `${where}: no such day`, run(['user', 'grant', login, '记者', '--outlet', 'CC001', '--until', '2026-02-30']), 2);
    expect(suite, `${where}: no such person`, run(['user', 'grant', 'nobody', '记者']), 2);
    expect(suite, `${where}: the role ends`, run(['user', 'revoke', login, '记者', '--outlet', 'CC001']), 0);
    expect(suite, `${where}: once`, run(['user', 'revoke', login, '记者', '--outlet', 'CC001']), 2);
    done = expect(suite, `${where}: a new link`, run(['user', 'reset', login]), 0);
    suite.check(`${where}: is another`, /\/invitations\//.test(done.out) && !done.out.includes(token), done.out);
    expect(suite, `${where}: no second step to take away`, run(['user', 'reset', login, '--factor']), 2);
    expect(suite, `${where}: nobody's link`, run(['user', 'reset', 'nobody']), 2);
    done = expect(suite, `${where}: as JSON`, run(['user', 'reset', login, '--json']), 0);
    const link = JSON.parse(done.out).link;
    return { login, token: link.split('/').pop() };
}

function testOthers(suite, where, run) {
    expect(suite, `${where}: job list`, run(['job', 'list']), 0);
    lines(expect(suite, `${where}: job list --json`, run(['job', 'list', '--json']), 0).out);
    expect(suite, `${where}: jobs of no state`, run(['job', 'list', '--state', 'sleepy']), 2);
    expect(suite, `${where}: a job that is not there`, run(['job', 'retry', '123']), 2);
    expect(suite, `${where}: a job without a number`, run(['job', 'hold', 'x']), 2);
    const list = expect(suite, `${where}: config list`, run(['config', 'list']), 0);
    suite.check(`${where}: lists the settings`, /^http\.listen\s/m.test(list.out) && list.out.trim().split('\n').length > 40);
    const explained = expect(suite, `${where}: config explain`, run(['config', 'explain', 'http.workers']), 0);
    suite.check(`${where}: explains`, /32/.test(explained.out), explained.out);
    expect(suite, `${where}: no such setting`, run(['config', 'explain', 'http.nothing']), 2);
    const version = JSON.parse(expect(suite, `${where}: version`, run(['version', '--json']), 0).out);
    suite.check(`${where}: says versions`, version.version && version.commit && version.compiler && version.libraries.sqlite3, JSON.stringify(version));
    for (const words of [['--nonsense'], ['nonsense'], ['user'], ['user', 'add'], ['user', 'add', 'x'], ['import', 'outlets'], ['import', 'outlets', 'a', 'b'],
        ['job', 'list', '--nonsense'], ['serve', '--listen', 'nowhere'], ['import', 'stories', '-'], ['version', '--jsonn'], ['config', 'list', 'x']])
        if (where === 'alone' || words[0] !== 'serve') expect(suite, `${where}: liandong ${words.join(' ')}`, run(words), 2);
    for (const words of [['--help'], ['import', 'outlets', '--help'], ['user', 'add', '--help'], ['serve', '--help']])
        suite.check(`${where}: liandong ${words.join(' ')} helps`, expect(suite, `${where}: ${words.join(' ')}`, run(words), 0).out.length > 40);
    const stories = expect(suite, `${where}: import stories`, run(['import', 'stories', '-', '--outlet', 'CC001', '--json'],
        { input: '{"title":"旧闻","text":"内容。","date":"2020-01-01"}\n' }), 0);
    suite.check(`${where}: a story from before`, ['new', 'same'].includes(outcomes(stories.out)[0]), stories.out);
    expect(suite, `${where}: a bad story`, run(['import', 'stories', '-', '--outlet', 'CC001'], { input: '{"title":"x"}\n' }), 1);
    expect(suite, `${where}: stories of no outlet`, run(['import', 'stories', '-', '--outlet', 'NONE'], { input: '{}\n' }), 2);
    expect(suite, `${where}: another's token`, run(['user', 'reset', 'x'], { env: { LIANDONG_TOKEN: 'C'.repeat(43) } }), 2);
}

/** A lost keys/box.key: no new one takes its place while it is owed, and recovery codes still let in. */
async function losesTheKey(suite, alliance, key, login, password) {
    const person = await new Client(alliance).signIn(login, password);
    await person.get('/account/factor');
    await person.post('/account/factor', {});
    const secret = /id="secret">([A-Z2-7]{32})</.exec((await person.get('/account/factor')).text)[1];
    const { json: { codes } } = await person.post('/account/factor/confirm', { code: codeOf(secret) }, { json: true });
    await alliance.stop();
    rmSync(key);
    alliance.exit = undefined;
    await alliance.start('serve');
    suite.check('a lost key is told, and no new one is made', alliance.log.includes('app.no_box_key') && !existsSync(key), alliance.log.slice(0, 400));
    const guest = new Client(alliance), { ticket } = (await guest.post('/signin', { login, password }, { json: true })).json;
    suite.equal('no code by time is taken then', (await guest.post('/signin/code', { login, ticket, code: codeOf(secret, 1) }, { json: true })).status, 503);
    suite.equal('a recovery code is', (await guest.post('/signin/code', { login, ticket, code: codes[0].code }, { json: true })).status, 200);
}

export async function testCommands({ suite, driver }) {
    const alliance = new Alliance(driver), run = (words, options) => alliance.run(words, options);
    try {
        const made = run(['init', '--data', alliance.data]);
        suite.check('init prints one link', made.status === 0 && (made.out.match(/\/invitations\/|invitation/g) ?? []).length === 1, `${made.status} ${made.out} ${made.err}`);
        suite.equal('a second init is refused', run(['init', '--data', alliance.data]).status, 2);
        const key = join(alliance.data, 'keys/box.key');
        suite.check('the key of wrapped secrets is for its owner only', existsSync(key) && (statSync(key).mode & 0o777) === 0o600);
        chmodSync(key, 0o644);
        expect(suite, 'a key that others can read is refused', run(['job', 'list']), 4);
        chmodSync(key, 0o600);
        testImport(suite, 'alone', run);
        const alone = testPeople(suite, 'alone', run, 1);
        testOthers(suite, 'alone', run);
        await alliance.start('serve');
        const reader = new Client(alliance);
        suite.equal('what was imported alone is there', (await reader.get('/outlets/CC001')).status, 200);
        suite.equal('a page is warm', (await reader.get('/outlets/CC010')).status, 404);
        const renamed = roster.map((line, i) => i === 0 ? line : line.replace(/^(CC\d+),([^,]+),([^,]+),([^,]+)/, (_, no, name, platform, account) =>
            `${no.replace('CC', 'SV')},${name}二,${platform},${account}-2`));
        const keep = roster.splice(0, roster.length, ...renamed);
        testImport(suite, 'served', run);
        roster.splice(0, roster.length, ...keep);
        const beside = testPeople(suite, 'served', run, 2);
        testOthers(suite, 'served', run);
        suite.equal('what a command wrote is on the page at once', (await reader.get('/outlets/SV001')).status, 200);
        for (const { login, token } of [alone, beside]) {
            const page = await reader.get(`/invitations/${token}`);
            suite.check(`${login}'s link opens`, page.status === 200 && page.text.includes(login), page.status);
            const set = await reader.post(`/invitations/${token}`, { password: 'a long enough pass phrase' });
            suite.equal(`${login} sets a password`, set.status, 303);
            suite.check('the link is spent', [404, 410, 422].includes((await reader.get(`/invitations/${token}`)).status));
            const person = await new Client(alliance).signIn(login, 'a long enough pass phrase');
            suite.equal(`${login} is in`, (await person.get('/account', { json: true })).json.login, login);
        }
        await losesTheKey(suite, alliance, key, alone.login, 'a long enough pass phrase');
        if (driver === 'sqlite') expect(suite, 'a second server on the folder', run(['serve', '--data', alliance.data, '--listen', '127.0.0.1:0']), 4);
    } finally {
        await alliance.remove();
    }
}
