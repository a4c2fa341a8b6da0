// tests/browser/journeys/newsroom.mjs - a story from the reporter's desk to its readers, corrected, renewed, withdrawn.
import { deflateSync } from 'node:zlib';
import { Client } from '../../lib/server.mjs';
import { Visit } from '../visit.mjs';

export const sentence = 'A reporter files a story, an editor returns and releases it, readers see it with its correction, second version and tombstone';

const outlet = 'CC001', reporterLogin = 'tang.yizhou', editorLogin = 'pei.qinghe';

/** A PNG of one colour that changes downwards, so that two of them differ. */
function png(width, height, seed) {
    const crcOf = crcTable(), rows = Buffer.alloc(height * (1 + width * 3));
    for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) rows.set([(seed * 40) % 256, y % 256, x % 256], y * (1 + width * 3) + 1 + x * 3);
    const chunk = (type, data) => {
        const body = Buffer.concat([Buffer.from(type), data]), frame = Buffer.alloc(8);
        frame.writeUInt32BE(data.length, 0);
        frame.writeUInt32BE(crcOf(body) >>> 0, 4);
        return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
    };
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head.set([8, 2, 0, 0, 0], 8);
    return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** CRC-32 of a PNG's chunk (ISO 3309); zlib's own came with node 22. */
function crcTable() {
    const table = Uint32Array.from({ length: 256 }, (_, n) => {
        for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
        return n;
    });
    return (bytes) => ~bytes.reduce((crc, byte) => table[(crc ^ byte) & 255] ^ (crc >>> 8), ~0);
}

function storyOf(setting) {
    const mark = `${setting.lang}-${Date.now().toString(36)}`;
    return { mark, title: `操场晚间照明改到十点半 ${mark}`, summary: '后勤处答复了三月的来信。', kind: '通讯',
        text: '路灯从**本周三**起亮到22:30。\n\n## 谁提出的\n\n- 三月有十七封来信\n- 四月试亮一周\n',
        sources: '后勤处三月来信台账\n试亮一周的用电记录', tags: '照明; 操场' };
}

async function signsIn(visit) {
    await visit.go('/signin');
    await visit.send('/signin', { login: reporterLogin, password: 'not the password' }, 422);
    await visit.shows('a wrong password is told', visit.words('Name or password are wrong.'));
    visit.equal('the sign-in name stays in its field', await visit.field('login').inputValue(), reporterLogin);
    visit.equal('the password does not', await visit.field('password').inputValue(), '');
    await visit.look('sign-in refused');
    await visit.send('/signin', { password: visit.world.alliance.password });
    visit.equal('the reporter arrives at the desk', visit.path, '/desk');
    const [cookie] = await visit.context.cookies();
    visit.check('the session is one cookie that scripts cannot read', cookie.name === '__Host-liandong' && cookie.httpOnly && cookie.secure &&
        cookie.sameSite === 'Lax' && (await visit.context.cookies()).length === 1, JSON.stringify(cookie));
    await visit.look('to do');
}

async function uploads(visit) {
    await visit.go(`/desk/articles?outlet=${outlet}`);
    await visit.look('stories of an outlet');
    await visit.follow(visit.link(`/desk/outlets/${outlet}/media`));
    await visit.send(`/outlets/${outlet}/media`, { file: { name: 'lamp.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') } }, 422);
    await visit.refusedAt('a file that is no picture', 'file', visit.words('Only pictures are taken: JPEG, PNG, WebP or GIF.'));
    await visit.look('pictures, one refused');
    await visit.send(`/outlets/${outlet}/media`, { file: { name: 'lamp.png', mimeType: 'image/png', buffer: png(640, 400, visit.lang.charCodeAt(0)) } });
    await visit.look('pictures');
    return /\d{10,}/.exec(await visit.main.getByRole('listitem').first().innerText())[0];
}

async function files(visit, story, picture) {
    await visit.go('/desk');
    await visit.follow(visit.link(`/desk/articles/new?outlet=${outlet}`));
    await visit.look('new story');
    await visit.send('/articles', { ...story.form, picture }, 422);
    await visit.refusedAt('a picture without words', 'alt', visit.words('Say in words what the picture shows, for those who do not see it.'));
    for (const name of ['title', 'summary', 'text', 'kind', 'sources', 'tags'])
        visit.equal(`what was typed stays: ${name}`, (await visit.field(name).inputValue()).trim(), story.form[name].trim());
    visit.equal('the number of the picture stays', await visit.field('picture').inputValue(), picture);
    await visit.look('new story, refused');
    await visit.send('/articles', { alt: '傍晚的操场，灯柱亮着' });
    visit.check('the draft has a page', /^\/desk\/articles\/\d+$/.test(visit.path), visit.path);
    await visit.shows('it is a draft', visit.words('Draft'));
    await visit.look('draft');
    return /\d+$/.exec(visit.path)[0];
}

async function pastesHtml(visit, story) {
    const html = '<h2 onclick="alert(1)">小标题</h2><script>document.title = "changed"</script><p style="color:red">正文<b>粗</b></p>';
    await visit.go(`/desk/articles/new?outlet=${outlet}`);
    await visit.send('/articles', { title: `粘贴的一篇 ${story.mark}`, format: 'html',
        text: `${html}<img src="https://pictures.example/x.png" onerror="alert(2)">` }, 422);
    visit.check('a pasted picture from elsewhere is refused at the text', await visit.field('text').getAttribute('aria-invalid') === 'true');
    visit.check('the pasted text stays', (await visit.field('text').inputValue()).includes('pictures.example'));
    visit.equal('the chosen format stays', await visit.field('format').inputValue(), 'html');
    await visit.send('/articles', { text: html });
    const parts = await visit.main.evaluate((main) => ({
        live: main.querySelectorAll('script, [onclick], [onerror], [style]').length,
        heading: [...main.querySelectorAll('h2')].some((one) => one.textContent === '小标题') }));
    visit.check('pasted HTML keeps its headings and loses what acts', parts.live === 0 && parts.heading, JSON.stringify(parts));
}

async function submits(visit, id, story) {
    await visit.go(`/desk/articles/${id}`);
    await visit.follow(visit.link(`/desk/articles/${id}/edit`));
    visit.equal('the edit form holds the draft', (await visit.field('text').inputValue()).trim(), story.form.text.trim());
    await visit.look('edit story');
    await visit.send(`/articles/${id}`, { summary: '后勤处答复了三月的来信，四月已试亮一周。' });
    await visit.send(`/articles/${id}/submit`);
    await visit.shows('it waits for a second person', visit.words('Waits for a second person'));
    visit.equal('the author sees no button that releases', await visit.form(`/articles/${id}/release`).count(), 0);
    const answer = await visit.force(`/articles/${id}/release`, { version: '9' });
    visit.equal('a release sent by hand finds nothing that a reporter may do', answer.status(), 404);
}

async function returns(editor, reporter, id, story) {
    const reason = '写清灯亮到几点，谁定的。';
    await editor.go('/desk');
    await editor.shows('the to-do list has the story', story.form.title);
    await editor.look('to do of an editor');
    await editor.follow(editor.main.getByRole('link', { name: story.form.title, exact: true }));
    await editor.shows('the editor reads the text', '三月有十七封来信');
    await editor.look('story to decide');
    await editor.send(`/articles/${id}/return`, { reason });
    await editor.shows('it is returned', editor.words('Returned'));

    await reporter.go('/desk');
    await reporter.shows('the reporter is told', reporter.words('returned to you: read why'));
    await reporter.follow(reporter.main.getByRole('link', { name: story.form.title, exact: true }));
    await reporter.shows('the reporter reads why', reason);
    await reporter.look('returned story');
    await reporter.follow(reporter.link(`/desk/articles/${id}/edit`));
    await reporter.send(`/articles/${id}`, { text: `${story.form.text}\n亮灯时间由后勤处与体育部商定，为22:30。\n` });
    await reporter.send(`/articles/${id}/submit`);
}

/** A grant makes the person's sessions stale, so that the next weighty step asks for the password. */
async function makeStale(world, login, lang) {
    const admin = await new Client(world.alliance).signIn('kang.shining');
    const person = (await admin.get(`/admin/people?login=${login}`, { json: true })).json.people[0];
    await admin.get('/admin/people');
    const answer = await admin.post(`/admin/people/${person.id}/grants`, { role: '责任编辑', outlet: lang === 'zh' ? 'CC053' : 'CC054' });
    if (answer.status !== 303) throw new Error(`grant: ${answer.status} ${answer.text}`);
}

async function releases(editor, world, id) {
    await editor.go(`/desk/articles/${id}`);
    await makeStale(world, editorLogin, editor.lang);
    await editor.send(`/articles/${id}/release`, {}, 403);
    await editor.shows('a release asks for the password once more', editor.words('Your password once more'));
    await editor.look('password once more');
    await editor.send('/account/confirm', { password: 'not the password' }, 422);
    await editor.refusedAt('a wrong password', 'password', editor.words('This is not your password.'));
    await editor.send('/account/confirm', { password: world.alliance.password });
    await editor.shows('nothing was done yet', editor.words('Nothing has been done yet. Finish here what you began:'));
    await editor.look('finishing what was begun');
    await editor.send(`/articles/${id}/release`);
    editor.equal('the editor is back at the story', editor.path, `/desk/articles/${id}`);
    await editor.shows('it is published', editor.words('Published'));
    await editor.look('published story at the desk');
}

async function isPublic(reader, id, story) {
    await reader.go('/');
    await reader.shows('the front page has the story', story.form.title);
    await reader.follow(reader.main.getByRole('link', { name: story.form.title, exact: true }).first());
    reader.equal('its address is short', reader.path, `/articles/${id}`);
    await reader.shows('the author stands with the role', '唐一舟（记者）');
    await reader.shows('who released it stands with the role', '裴青禾（责任编辑）');
    await reader.shows('it says that two persons checked it', reader.words('Checked by two persons'));
    await reader.shows('the outlet stands with its number', outlet);
    await reader.shows('the sources are listed', '试亮一周的用电记录');
    await reader.shows('the last text is shown', '由后勤处与体育部商定');
    reader.equal('the picture has its words', await reader.main.getByRole('figure').getByRole('img').first().getAttribute('alt'), '傍晚的操场，灯柱亮着');
    reader.check('the picture is shown', await reader.main.getByRole('figure').getByRole('img').first().evaluate(
        (image) => image.decode().then(() => image.naturalWidth > 0, () => false)).catch(() => true));
    reader.check('Markdown became a list', await reader.main.getByRole('listitem').filter({ hasText: '三月有十七封来信' }).count() > 0);
}

/** The index is written by a job: asked until it has run, at most 20 s. */
async function untilFound(reader, word, isWanted) {
    for (const end = Date.now() + 20000; Date.now() < end;) {
        const answer = await reader.context.request.get(`${reader.origin}/search?q=${encodeURIComponent(word)}`, { headers: { Accept: 'application/json' } });
        if (((await answer.json()).total > 0) === isWanted) return true;
    }
    return false;
}

const feedOf = async (reader) => (await reader.context.request.get(`${reader.origin}/feed.atom`)).text();

async function isCorrected(editor, reader, id) {
    const text = '原文“17封来信”应为“19封来信”。';
    await editor.go(`/desk/articles/${id}`);
    await editor.send(`/articles/${id}/corrections`, { text });
    await reader.go(`/articles/${id}`);
    const [notice, title] = await Promise.all([reader.main.getByRole('note').filter({ hasText: text }).boundingBox(), reader.main.getByRole('heading', { level: 1 }).boundingBox()]);
    reader.check('the correction stands above the title', notice && notice.y < title.y, JSON.stringify([notice, title]));
    await reader.go('/corrections');
    await reader.shows('the page of corrections has it', text);
}

async function isRenewed(editor, reporter, reader, id, story) {
    await reporter.go(`/desk/articles/${id}/edit`);
    await reporter.send(`/articles/${id}`, { text: story.form.text.replace('十七封', '十九封'), note: '来信数目改正' });
    await reader.go(`/articles/${id}`);
    await reader.hides('a text not released yet is not shown', '十九封');
    await reporter.send(`/articles/${id}/submit`);
    await editor.go(`/desk/articles/${id}`);
    await editor.send(`/articles/${id}/release`);
    await reader.go(`/articles/${id}`);
    await reader.shows('the second version is shown', '十九封');
    await reader.follow(reader.main.locator(`a[href^="/articles/${id}/diff/1..2"]`));
    reader.check('the comparison shows the word that went', (await reader.main.locator('del').allInnerTexts()).join('|').includes('七'));
    reader.check('the comparison shows the word that came', (await reader.main.locator('ins').allInnerTexts()).join('|').includes('九'));
    await reader.go(`/articles/${id}/versions/1`);
    await reader.shows('the first version is still served', '十七封');
}

async function isWithdrawn(editor, reader, id, story) {
    const reason = '当事人说明了新的情况，全文需要重写。';
    await editor.go(`/desk/articles/${id}`);
    await editor.send(`/articles/${id}/withdraw`, { reason });
    await editor.look('withdrawn story at the desk');
    await reader.go(`/articles/${id}`, 410);
    await reader.shows('the tombstone says why', reason);
    await reader.shows('the tombstone says who', '裴青禾（责任编辑）');
    await reader.hides('its text is gone', '三月有');
    await reader.look('tombstone');
    for (const path of ['versions', 'versions/1', 'diff/1..2']) await reader.go(`/articles/${id}/${path}`, 410);
    reader.check('no feed carries it any more', !(await feedOf(reader)).includes(story.mark));
    reader.check('no search finds it any more', await untilFound(reader, story.mark, false));
    await reader.go('/');
    await reader.hides('the front page has it no more', story.form.title);
}

export async function run(world, setting, told) {
    const { mark, ...form } = storyOf(setting), story = { mark, form };
    const visits = [];
    for (let i = 0; i < 3; i++) visits.push(await Visit.open(world, setting, told));
    const [reporter, editor, reader] = visits;
    try {
        await signsIn(reporter);
        const id = await files(reporter, story, await uploads(reporter));
        await pastesHtml(reporter, story);
        await submits(reporter, id, story);
        await editor.signIn(editorLogin);
        await returns(editor, reporter, id, story);
        await releases(editor, world, id);
        await isPublic(reader, id, story);
        reader.check('the feed carries it', (await feedOf(reader)).includes(form.title));
        reader.check('a search finds it', await untilFound(reader, mark, true));
        await isCorrected(editor, reader, id);
        await isRenewed(editor, reporter, reader, id, story);
        await isWithdrawn(editor, reader, id, story);
        reader.equal('the reader got no cookie', reader.cookies, 0);
    } catch (error) {
        for (const [i, visit] of visits.entries()) await visit.keep(`newsroom-${setting.lang}-${['reporter', 'editor', 'reader'][i]}`);
        throw error;
    } finally {
        for (const visit of visits) await visit.close();
    }
}
