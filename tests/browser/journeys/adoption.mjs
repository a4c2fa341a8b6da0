// tests/browser/journeys/adoption.mjs - a story is offered, carried by one outlet, adapted by another, and its correction reaches both.
import { Visit } from '../visit.mjs';

export const sentence = 'An editor offers a story to two outlets; one carries it, one adapts it, and a correction reaches both';

async function publishes(author, editor, title) {
    await author.go('/desk/articles/new?outlet=CC001');
    await author.send('/articles', { title, text: '校车加开两班。\n\n末班车22:40。' });
    const id = /\d+$/.exec(author.path)[0];
    await author.send(`/articles/${id}/submit`);
    await editor.go(`/desk/articles/${id}`);
    await editor.send(`/articles/${id}/release`);
    return id;
}

async function offers(editor, id) {
    await editor.go(`/desk/articles/${id}`);
    await editor.follow(editor.link(`/desk/articles/${id}/spread`));
    await editor.send('/offers', { to: 'CC999' }, 422);
    await editor.refusedAt('a number that there is not', 'to', 'CC999');
    await editor.send('/offers', { to: 'CC003 CC013' });
    await editor.shows('both are named', 'CC013');
    await editor.look('where a story went, desk');
}

async function carries(editor, id, title) {
    await editor.go('/desk/outlets/CC003/offers');
    await editor.shows('the offer stands there', title);
    await editor.look('offers');
    const box = editor.page.locator('article.box', { hasText: title });
    await editor.after(() => box.locator('button[value="taken"]').click());
    await editor.shows('it is carried', title);
}

async function adapts(editor, title) {
    await editor.go('/desk/outlets/CC013/offers');
    const box = editor.page.locator('article.box', { hasText: title });
    await editor.after(() => box.locator('button[value="adapted"]').click());
    const id = /articles\/(\d+)\/edit/.exec(editor.path)[1];
    editor.check('the text came along', (await editor.page.locator('textarea[name="text"]').inputValue()).includes('22:40'));
    await editor.send(`/articles/${id}`, { title: `${title}（机械学院）` });
    await editor.send(`/articles/${id}/submit`);
    return id;
}

export async function run(world, setting, told) {
    const names = ['tang.yizhou', 'pei.qinghe', 'shen.ruogu', 'bi.yichuan', 'fang.qing'], title = `校车加班 ${setting.lang} ${Date.now().toString(36)}`;
    const visits = [];
    try {
        for (const login of names) visits.push(await (await Visit.open(world, setting, told)).signIn(login));
        const [author, editor, carrier, adapter, chief] = visits, reader = await Visit.open(world, setting, told);
        visits.push(reader);
        const id = await publishes(author, editor, title);
        await offers(editor, id);
        await carries(carrier, id, title);
        const copy = await adapts(adapter, title);
        await chief.go(`/desk/articles/${copy}`);
        await chief.send(`/articles/${copy}/release`);
        await editor.go(`/desk/articles/${id}`);
        await editor.send('/corrections', { text: '末班车是22:50。' });
        await reader.go('/outlets/CC003/carried');
        await reader.look('carried stories');
        await reader.follow(reader.link(`/articles/${id}`));
        await reader.shows('readers of the one that carries it come to the corrected story', '22:50');
        await reader.go(`/articles/${copy}`);
        await reader.shows('the adapted page says that the original was corrected', reader.words('The original was corrected since: read the correction there.'));
        await reader.look('adapted story');
        await reader.go(`/articles/${id}/spread`);
        await reader.shows('where it went', 'CC013');
        await reader.look('where a story went');
    } catch (error) {
        for (const [i, visit] of visits.entries()) await visit.keep(`adoption-${i}-${setting.lang}`);
        throw error;
    } finally {
        for (const visit of visits) await visit.close();
    }
}
