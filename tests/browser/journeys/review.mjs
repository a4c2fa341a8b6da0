// tests/browser/journeys/review.mjs - a story from its author through three reviews and three proofs by seven people, one of them by a link.
import { Visit } from '../visit.mjs';

export const sentence = 'Seven people check a story: sent back once, reworked, the leader signs by a one-time link, three proofs, the release, the slip';

const outlet = 'CC006';

/** The button of that outcome, with every point of the list ticked where it is passed. */
async function decide(visit, ending, outcome, { reason = '', tick = outcome === 'pass', status = 200 } = {}) {
    const form = visit.form(ending);
    if (status >= 400) await form.evaluate((element) => { element.noValidate = true; });
    if (tick) for (const box of await form.locator('input[type="checkbox"]').all()) await box.check();
    if (reason) await visit.fill({ reason }, form);
    await visit.after(() => form.locator(`button[value="${outcome}"]`).click(), status);
}

async function files(author, title) {
    await author.go(`/desk/articles/new?outlet=${outlet}`);
    await author.send('/articles', { title, text: '小园的石凳修好了。\n\n后勤处说，石凳下周启用。' });
    const id = /\d+$/.exec(author.path)[0];
    await author.send(`/articles/${id}/submit`);
    await author.shows('it waits for its first reader', author.words('Waits for: {0}').replace('{0}', author.words('First review')));
    author.equal('who wrote it has no list to tick', await author.page.locator('form[action$="/steps"]').count(), 0);
    return id;
}

/** From the to-do page, as the reader of that step. */
async function opens(visit, id, step) {
    await visit.go('/desk');
    await visit.shows(`${step} stands on the to-do page`, visit.words(step));
    await visit.follow(visit.link(`/desk/articles/${id}`));
}

async function firstReader(editor, id) {
    await opens(editor, id, 'First review');
    await editor.look('story to check');
    await decide(editor, '/steps', 'pass', { tick: false, status: 422 });
    await editor.shows('the list is asked for', editor.words('Tick each point, for you sign that you looked.'));
    await editor.send('/comments', { quote: '没有的词', body: '出处？' }, 422);
    await editor.refusedAt('a remark on words that are not there', 'quote', editor.words('The text does not hold these words: copy them from it.'));
    await editor.send('/comments', { quote: '下周启用', body: '哪一天？' });
    await editor.shows('the remark stands with its words', '下周启用');
    await decide(editor, '/steps', 'return', { reason: '请写明日期。' });
    await editor.shows('it went back', editor.words('Returned'));
}

async function rework(author, id) {
    await author.go(`/desk/articles/${id}`);
    await author.shows('the author reads why', '请写明日期。');
    await author.send(`/comments/${/comments\/(\d+)\/close/.exec(await author.page.content())[1]}/close`);
    await author.go(`/desk/articles/${id}/edit`);
    await author.send(`/articles/${id}`, { text: '小园的石凳修好了。\n\n后勤处说，石凳12月1日启用。' });
    await author.send(`/articles/${id}/submit`);
}

async function passes(visit, id, step) {
    await opens(visit, id, step);
    await decide(visit, '/steps', 'pass');
    await visit.go(`/desk/articles/${id}`);
    visit.equal(`after it ${step} is nobody's to do here again`, await visit.page.locator(`input[name="step"][value="${step}"]`).count(), 0);
}

async function leaderSigns(editor, leader, id, title) {
    await editor.go(`/desk/articles/${id}`);
    await editor.send('/links', { login: 'fang.qing' }, 422);
    await editor.refusedAt('who can sign in gets no link', 'login', editor.words('This person has a password: who can sign in gets no link.'));
    await editor.send('/links', { login: 'jing.hesheng' }, 201);
    const link = await editor.page.locator('#link').innerText();
    await editor.look('link made');
    await leader.go(link);
    await leader.shows('the leader sees exactly this text', '石凳12月1日启用');
    await leader.shows('and the own name', '景和声');
    await leader.look('signing by a link');
    await decide(leader, new URL(link).pathname, 'pass');
    await leader.shows('it is signed', leader.words('It is signed'));
    await leader.look('signed by a link');
    await leader.go(link, 410);
    leader.check('a second use is refused', !(await leader.page.content()).includes(title));
}

async function lookAtSlip(reader, id, title) {
    await reader.go(`/articles/${id}`);
    await reader.shows('readers see how it was checked', reader.words('Three reviews, three proofs'));
    await reader.page.locator('summary', { hasText: reader.words('Three reviews, three proofs') }).click();
    await reader.look('checked story');
    await reader.follow(reader.link(`/articles/${id}/slip`));
    await reader.shows('the slip', title);
    for (const name of ['简一诺', '傅兰亭', '景和声', '许棠', '陶知新', '季不言']) await reader.shows(`${name} stands on it`, name);
    await reader.shows('and the step that was sent back', '请写明日期。');
    await reader.look('slip');
}

export async function run(world, setting, told) {
    const names = ['xu.tang', 'jian.yinuo', 'fu.lanting', 'tao.zhixin', 'ji.buyan', 'fang.qing'], title = `小园石凳 ${setting.lang} ${Date.now().toString(36)}`;
    const visits = [];
    try {
        for (const login of names) visits.push(await (await Visit.open(world, setting, told)).signIn(login));
        const [author, editor, head, mutual, joint, chief] = visits, reader = await Visit.open(world, setting, told);
        visits.push(reader);
        const id = await files(author, title);
        await firstReader(editor, id);
        await rework(author, id);
        await passes(editor, id, 'First review');
        await passes(head, id, 'Second review');
        await leaderSigns(editor, reader, id, title);
        await passes(author, id, 'First proof');
        await passes(mutual, id, 'Second proof');
        await passes(joint, id, 'Third proof');
        await chief.go(`/desk/articles/${id}`);
        await chief.send(`/articles/${id}/release`);
        await chief.isInLog('the log has the decisions', 'A step of the check decided');
        await lookAtSlip(reader, id, title);
    } catch (error) {
        for (const [i, visit] of visits.entries()) await visit.keep(`review-${i}-${setting.lang}`);
        throw error;
    } finally {
        for (const visit of visits) await visit.close();
    }
}
