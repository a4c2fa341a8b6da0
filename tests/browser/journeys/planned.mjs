// tests/browser/journeys/planned.mjs - a story with an embargo is released for a later time, and goes out by itself then.
import { wallTime } from '../../lib/server.mjs';
import { Visit } from '../visit.mjs';

export const sentence = 'An editor plans a release, is told what clocks make of it, takes it back, and sees a story go out at its time';

const outlet = 'CC001';

async function files(author, title) {
    await author.go(`/desk/articles/new?outlet=${outlet}`);
    await author.send('/articles', { title, text: '定好时间再发。', embargo_at: wallTime(-3600000), embargo_zone: 'Mars/Base' }, 422);
    await author.refusedAt('a zone that there is not', 'embargo_zone', author.words('There is no such time zone; write one like Asia/Shanghai.'));
    await author.send('/articles', { embargo_zone: 'Asia/Shanghai' });
    const id = /\d+$/.exec(author.path)[0];
    await author.shows('the story says its embargo', author.words('Not before'));
    await author.send(`/articles/${id}/submit`);
    return id;
}

async function plans(editor, id) {
    await editor.go(`/desk/articles/${id}`);
    await editor.send(`/articles/${id}/plan`, { plan_at: '2020-01-01T08:00', plan_zone: 'Asia/Shanghai' }, 422);
    await editor.refusedAt('a time that is past', 'plan_at', editor.words('This time is past: release the story now, or choose a later time.'));
    editor.equal('what was typed stays', await editor.field('plan_at').inputValue(), '2020-01-01T08:00');
    await editor.look('plan refused');
    await editor.send(`/articles/${id}/plan`, { plan_at: '2031-03-09T02:30', plan_zone: 'America/New_York' });
    await editor.shows('the page says when and where', '2031-03-09 02:30 America/New_York');
    await editor.shows('and that clocks skip this time', editor.lang === 'zh' ? '跳过这个时间' : 'skip this time');
    await editor.look('planned story');
    await editor.go(`/desk/articles?outlet=${outlet}`);
    await editor.shows('the list says it too', '2031-03-09 02:30 America/New_York');
    await editor.go('/desk');
    await editor.shows('and the to-do page', '2031-03-09 02:30 America/New_York');
    await editor.look('to do with a plan');
    await editor.go(`/desk/articles/${id}`);
    await editor.send(`/articles/${id}/unplan`);
    await editor.shows('taken back, the page says so', editor.words('No longer planned'));
}

/** The page is read until it is there; the clock of the server decides when. */
async function goesOut(reader, id) {
    for (const end = Date.now() + 15000; Date.now() < end;) {
        const answer = await reader.context.request.get(`${reader.origin}/articles/${id}`);
        if (answer.status() === 200) return;
        await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error('it did not go out');
}

export async function run(world, setting, told) {
    const author = await Visit.open(world, setting, told), editor = await Visit.open(world, setting, told);
    const title = `定时发布的一篇 ${setting.lang} ${Date.now().toString(36)}`;
    try {
        await author.signIn('tang.yizhou');
        await editor.signIn('pei.qinghe');
        const id = await files(author, title);
        await plans(editor, id);
        await editor.send(`/articles/${id}/plan`, { plan_at: wallTime(4000), plan_zone: 'Asia/Shanghai' });
        await editor.shows('it is planned', editor.words('Planned'));
        await author.go(`/articles/${id}`, 404);
        await goesOut(author, id);
        await author.go('/');
        await author.shows('readers see it on the front page', title);
        await author.go(`/articles/${id}`);
        await author.hides('it was not late', author.words('Late'));
        await editor.go(`/desk/articles/${id}`);
        await editor.shows('and the desk says that it is published', editor.words('Published'));
        await author.isInLog('the log has the plan', 'Released for a later time');
        await author.isInLog('and the release', 'Released');
    } catch (error) {
        await editor.keep(`planned-${setting.lang}`);
        throw error;
    } finally {
        await author.close();
        await editor.close();
    }
}
