// tests/browser/journeys/register.mjs - the register's keeper takes a roster in, mends a card, strikes an outlet off.
import { Client } from '../../lib/server.mjs';
import { Visit } from '../visit.mjs';

export const sentence = 'A registrar imports a roster, all or nothing, changes a card, strikes an outlet off; without a teacher nothing is published';

const head = '备案号,名称,平台,平台账号,级别,所属单位,宗旨\r\n';
const file = (text) => ({ name: 'roster.csv', mimeType: 'text/csv', buffer: Buffer.from('\uFEFF' + head + text) });

function rosterOf(lang) {
    const p = lang === 'zh' ? 'ZA' : 'EB';
    return { p, good: [1, 2, 3].map((n) => `${p}-10${n},${p}试办小报${n}号,微信,${p.toLowerCase()}-paper-${n},三级,试办学院,试办第${n}份小报`).join('\r\n') + '\r\n',
        bad: [`${p}-201,${p}级别写错,微信,${p}-x1,四级,试办学院,`, `${p}-202,,微信,${p}-x2,三级,试办学院,`, `${p}-203,${p}好的一行,微信,${p}-x3,三级,试办学院,`,
            `${p}-203,${p}号码重复,微信,${p}-x4,三级,试办学院,`].join('\r\n') + '\r\n' };
}

const totalOf = async (visit) => Number(/\d+/.exec(await visit.main.getByRole('status').first().innerText())[0]);

async function countOutlets(visit) {
    await visit.go('/outlets');
    return totalOf(visit);
}

async function refusesRoster(visit, roster) {
    const before = await countOutlets(visit);
    await visit.go('/admin/outlets');
    await visit.look('register');
    await visit.follow(visit.link('/admin/outlets/import'));
    await visit.look('import a roster');
    for (const isDry of [true, false]) {
        await visit.go('/admin/outlets/import');
        await visit.field('dry_run').setChecked(isDry);
        await visit.send('/admin/outlets/import', { file: file(roster.bad) }, 422);
        const rows = await visit.main.getByRole('row').allInnerTexts();
        visit.check('each row of the roster is reported', rows.length === 5, rows.join(' | '));
        visit.check('three rows are refused, with a reason each', rows.filter((row) => row.includes(visit.words('refused'))).length === 3, rows.join(' | '));
        visit.check('the good row is not', rows.some((row) => row.includes('好的一行') && !row.includes(visit.words('refused'))), rows.join(' | '));
        await visit.look('roster refused');
    }
    visit.equal('a roster with a refused row writes nothing', await countOutlets(visit), before);
    await visit.go('/admin/outlets/import');
    await visit.send('/admin/outlets/import', { file: { name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\r\n1,2\r\n') } }, 422);
    await visit.shows('a file that is no roster is told so', visit.words('This is no roster: its first line must hold headings like 名称, 平台 and 所属单位.'));
    return before;
}

async function takesRoster(visit, roster, before) {
    const imports = async (isDry) => {
        await visit.go('/admin/outlets/import');
        await visit.field('dry_run').setChecked(isDry);
        await visit.send('/admin/outlets/import', { file: file(roster.good) });
        return visit.text();
    };
    const report = (counts) => visit.words('Written: {new_count} new, {changed_count} changed, {same_count} as before.', counts);
    visit.check('a dry run says what would be', (await imports(true)).includes(visit.words(
        'Nothing was written: {new_count} new, {changed_count} changed, {same_count} as before, {refused_count} refused.',
        { new_count: 3, changed_count: 0, same_count: 0, refused_count: 0 })));
    visit.equal('and writes nothing', await countOutlets(visit), before);
    visit.check('the roster is taken', (await imports(false)).includes(report({ new_count: 3, changed_count: 0, same_count: 0 })), await visit.text());
    await visit.look('roster taken');
    visit.check('taken again it changes nothing', (await imports(false)).includes(report({ new_count: 0, changed_count: 0, same_count: 3 })), await visit.text());
    visit.equal('three outlets more are public', await countOutlets(visit), before + 3);
    for (const n of [1, 2, 3]) {
        await visit.go(`/outlets/${roster.p}-10${n}`);
        await visit.shows('each has its page', `${roster.p}试办小报${n}号`);
        const feed = await visit.context.request.get(`${visit.origin}/outlets/${roster.p}-10${n}/feed.atom`);
        visit.check('each has its feed', feed.status() === 200 && (await feed.text()).includes(`${roster.p}试办小报${n}号`), feed.status());
    }
}

async function changesCard(visit, roster) {
    const no = `${roster.p}-101`;
    await visit.go('/admin/outlets?q=' + encodeURIComponent(`${roster.p}试办小报1号`));
    await visit.follow(visit.link(`/admin/outlets/${no}`));
    await visit.look('outlet card');
    await visit.send(`/admin/outlets/${no}`, { purpose: '改过的宗旨', url: 'not an address' }, 422);
    await visit.refusedAt('a wrong address', 'url', visit.words('Write a whole address that begins with https:// or http://.'));
    visit.equal('what was typed into the card stays', await visit.field('purpose').inputValue(), '改过的宗旨');
    await visit.look('outlet card, refused');
    await visit.send(`/admin/outlets/${no}`, { url: 'https://demo.invalid/paper' });
    await visit.go(`/outlets/${no}`);
    await visit.shows('the public page has the change', '改过的宗旨');
    await visit.shows('an outlet without a teacher says so', visit.words('Until one is named, this outlet cannot publish.'));
    await visit.look('outlet without a teacher');
    await visit.isInLog('the change is an entry of the log', 'Filing card changed', no);
}

async function strikesOff(visit, roster) {
    const no = `${roster.p}-102`, reason = '两份小报合并，此号停用。';
    await visit.go(`/admin/outlets/${no}`);
    const form = visit.main.locator('form', { has: visit.page.locator('input[name="to"][value="struck"]') });
    await visit.fill({ reason }, form);
    await visit.after(() => form.getByRole('button').click());
    await visit.go(`/outlets/${no}`);
    await visit.shows('a struck outlet stays, with the reason', reason);
    await visit.shows('and says that it is struck', visit.words('Struck from the register'));
    await visit.look('struck outlet');
    await visit.go('/outlets?q=' + encodeURIComponent(`${roster.p}试办小报2号`));
    visit.equal('it stays in the list', await visit.main.locator(`a[href^="/outlets/${no}"]`).count(), 1);
}

async function grant(admin, login, role, outlet) {
    const person = (await admin.get(`/admin/people?login=${login}`, { json: true })).json.people[0];
    await admin.get('/admin/people');
    const answer = await admin.post(`/admin/people/${person.id}/grants`, { role, outlet });
    if (answer.status !== 303) throw new Error(`grant of ${role}: ${answer.status} ${answer.text}`);
}

async function needsTeacher(visit, world, roster) {
    const no = `${roster.p}-103`, admin = await new Client(world.alliance).signIn('kang.shining');
    await grant(admin, 'tang.yizhou', '记者', no);
    await grant(admin, 'pei.qinghe', '责任编辑', no);
    const reporter = await new Client(world.alliance).signIn('tang.yizhou');
    const title = `没有指导教师的一篇 ${roster.p}`;
    const filed = await reporter.post('/articles', { outlet: no, title, text: '先写着。', kind: '消息' }, { json: true });
    await reporter.post(`/articles/${filed.json.id}/submit`, { version: filed.json.version }, { json: true });
    await visit.signIn('pei.qinghe');
    await visit.follow(visit.main.getByRole('link', { name: title, exact: true }));
    await visit.send(`/articles/${filed.json.id}/release`, {}, 403);
    await visit.shows('without a teacher nothing is published, and the page says why', visit.words(
        'This outlet cannot publish: it has no teacher (指导教师) in service. Name one first.'));
    await visit.look('release refused');
    await visit.go(`/articles/${filed.json.id}`, 404);
    await grant(admin, 'wu.jian', '指导教师', no);
    await visit.go(`/outlets/${no}`);
    await visit.hides('with a teacher the outlet says so no more', visit.words('Until one is named, this outlet cannot publish.'));
    await visit.go(`/desk/articles/${filed.json.id}`);
    await visit.send(`/articles/${filed.json.id}/release`);
    await visit.go(`/articles/${filed.json.id}`);
    await visit.shows('with a teacher the story is published', title);
}

export async function run(world, setting, told) {
    const keeper = await Visit.open(world, setting, told), editor = await Visit.open(world, setting, told);
    const roster = rosterOf(setting.lang);
    try {
        await keeper.signIn('wei.zhixing');
        await takesRoster(keeper, roster, await refusesRoster(keeper, roster));
        await changesCard(keeper, roster);
        await strikesOff(keeper, roster);
        await needsTeacher(editor, world, roster);
    } catch (error) {
        await keeper.keep(`register-${setting.lang}-keeper`);
        await editor.keep(`register-${setting.lang}-editor`);
        throw error;
    } finally {
        await keeper.close();
        await editor.close();
    }
}
