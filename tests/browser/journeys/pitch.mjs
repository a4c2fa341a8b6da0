// tests/browser/journeys/pitch.mjs - a pitch is proposed, declined with a reason or accepted, assigned, and becomes a draft.
import { wallTime } from '../../lib/server.mjs';
import { Visit } from '../visit.mjs';

export const sentence = 'A reporter proposes stories; an editor declines one with a reason, accepts and assigns another, which becomes a draft';

const outlet = 'CC001';

async function proposes(author, title, fields = {}) {
    await author.go(`/desk/articles?outlet=${outlet}`);
    await author.follow(author.link(`/desk/outlets/${outlet}/pitches`));
    await author.look('pitches');
    if (fields.wished_on) { /* once: a refusal keeps what was typed */
        await author.send(`/outlets/${outlet}/pitches`, { title, why: '修了三年的路。', wished_on: '2020-01-01' }, 422);
        await author.refusedAt('a day that is past', 'wished_on', author.words('This day is past: choose another.'));
        author.equal('what was typed stays', await author.field('title').inputValue(), title);
        await author.look('pitch refused');
    }
    await author.send(`/outlets/${outlet}/pitches`, { title, why: '修了三年的路，灯还没亮。', kind: '通讯', ...fields });
    await author.shows('its page says who decides', author.words('You proposed this; another editor decides.'));
    return /\d+$/.exec(author.path)[0];
}

async function declines(editor, id) {
    await editor.go(`/desk/pitches/${id}`);
    await editor.look('pitch to decide');
    await editor.send(`/pitches/${id}/decline`, { reason: ' ' }, 422);
    await editor.look('pitch declined without a reason');
    await editor.send(`/pitches/${id}/decline`, { reason: '上周写过。' });
    await editor.shows('declined, the reason stands there', '上周写过。');
    editor.equal('and nothing is left to decide', await editor.form(`/pitches/${id}/accept`).count(), 0);
}

async function assigns(editor, author, id) {
    await editor.go(`/desk/pitches/${id}`);
    await editor.send(`/pitches/${id}/accept`);
    await editor.shows('accepted', editor.words('Accepted'));
    const form = editor.form(`/pitches/${id}/assign`);
    await form.evaluate((element) => { element.noValidate = true; });
    await editor.send(`/pitches/${id}/assign`, { due_at: wallTime(86400000).slice(0, 16) }, 422);
    await editor.shows('not without a person', editor.words('Say who writes it.'));
    await editor.look('pitch to assign');
    await editor.form(`/pitches/${id}/assign`).getByRole('checkbox', { name: author.person }).check();
    await editor.send(`/pitches/${id}/assign`, { due_at: wallTime(86400000).slice(0, 16) });
    await editor.shows('the page says who writes it', author.person);
    await editor.look('assigned pitch');
}

async function begins(author, title) {
    await author.go('/desk');
    await author.shows('it is among the things to do', title);
    await author.look('to do with an assignment');
    await author.follow(author.main.getByRole('link', { name: title, exact: true }).first());
    await author.look('assignment');
    await author.send('/begin');
    author.check('the draft is open for writing', /^\/desk\/articles\/\d+\/edit$/.test(author.path), author.path);
    author.equal('with the title of the pitch', await author.field('title').inputValue(), title);
    await author.go('/desk');
    await author.shows('and is due', author.words('Story due'));
}

async function looksAhead(editor, author, id, title) {
    await editor.go(`/desk/pitches/${id}`);
    await editor.shows('the pitch leads to its story', editor.words('Read the story'));
    await editor.go(`/desk/outlets/${outlet}/pitches`);
    await editor.follow(editor.link('/desk/calendar'));
    await editor.look('calendar of a week');
    await editor.follow(editor.main.getByRole('link', { name: editor.words('Month'), exact: true }));
    await editor.shows('the month holds it', title);
    await editor.look('calendar of a month');
    const later = new Date(Date.now() + 40 * 86400e3).toISOString().slice(0, 10);
    await editor.send(`/pitches/${id}/move`, { wished_on: later });
    await editor.shows('moved by a form, its page says the new day', later);
    await author.go(`/desk/calendar?outlet=${outlet}&view=month`);
    author.equal('who does not decide moves nothing', await author.form('/move').count(), 0);
    await author.send('/account/calendar');
    const address = await author.main.locator('code').innerText();
    await author.look('address of a calendar');
    const feed = await author.context.request.get(address);
    author.check('a calendar program reads it there', (await feed.text()).startsWith('BEGIN:VCALENDAR'), feed.status());
}

export async function run(world, setting, told) {
    const author = await Visit.open(world, setting, told), editor = await Visit.open(world, setting, told);
    const mark = `${setting.lang} ${Date.now().toString(36)}`, today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
    try {
        await author.signIn('tang.yizhou');
        await editor.signIn('pei.qinghe');
        author.person = (await author.page.locator('.head .tail').innerText()).trim();
        const bad = await proposes(author, `又一篇灯 ${mark}`), good = await proposes(author, `夜里的灯 ${mark}`, { wished_on: today });
        await declines(editor, bad);
        await assigns(editor, author, good);
        await begins(author, `夜里的灯 ${mark}`);
        await looksAhead(editor, author, good, `夜里的灯 ${mark}`);
        await author.isInLog('the log has the assignment', 'Pitch assigned');
        await author.isInLog('and what became of it', 'Assigned story begun');
    } catch (error) {
        await editor.keep(`pitch-editor-${setting.lang}`);
        await author.keep(`pitch-author-${setting.lang}`);
        throw error;
    } finally {
        await author.close();
        await editor.close();
    }
}
