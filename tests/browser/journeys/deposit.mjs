// tests/browser/journeys/deposit.mjs - links deposited by hand: one story of two outlets is one card, and each change a version.
import { createHash } from 'node:crypto';
import { Visit } from '../visit.mjs';

export const sentence = 'A reporter deposits a link with date and text hash; the same story of a second outlet joins its card';

const textOf = (lang) => `${lang} 河边的路修好了。施工队昨天撤走了最后一台机器，路面重新铺过，两侧的灯也换成了新的。`.repeat(3);
/** As docs/editors.md tells everybody to: the text without white space. */
const hashOf = (text) => createHash('sha256').update(text.normalize('NFC').replace(/\s/g, '')).digest('hex');

async function deposits(visit, title, lang) {
    await visit.go('/desk/outlets/CC001/deposits');
    await visit.look('deposit a link');
    await visit.send('/outlets/CC001/deposits', { title, url: 'ftp://mp.example/1', date: '2999-01-01', text: textOf(lang) }, 422);
    visit.equal('what was typed stays', await visit.field('text').inputValue(), textOf(lang).trim());
    visit.check('what is wrong stands at its field', await visit.main.locator('.err').count() > 0, await visit.text());
    await visit.look('deposit a link, refused');
    await visit.send('/outlets/CC001/deposits', { title, url: `https://mp.example/s/${lang}?utm_source=x#top`, date: '2026-01-05', text: textOf(lang) });
    visit.check('it has a card', /^\/deposits\/\d+$/.test(visit.path), visit.path);
    await visit.shows('the card holds the hash that anybody can compute', hashOf(textOf(lang)));
    await visit.shows('and says that it came by hand', visit.words('by hand'));
    await visit.hides('but not the text', '施工队');
    await visit.look('deposit by hand');
    const path = visit.path;
    await visit.go('/desk/outlets/CC001/deposits');
    await visit.send('/outlets/CC001/deposits', { title: title + '！', url: `http://mp.example/s/${lang}`, date: '2026-01-05', text: '' });
    visit.equal('the same address again is the same card', visit.path, path);
    await visit.shows('with another version', visit.words('Version {n}', { n: '2' }));
    return path;
}

async function joins(visit, card, lang) {
    await visit.go('/desk/outlets/CC013/deposits');
    await visit.send('/outlets/CC013/deposits', { title: `转载：${lang}`, url: `https://other.example/${lang}`, date: '', text: textOf(lang) });
    visit.equal('the same text at another outlet is the same card', visit.path, card);
    visit.equal('which names both outlets', await visit.main.locator('h2 a[href^="/outlets/"]').count(), 2);
    await visit.look('deposit of two outlets');
    await visit.keep(`deposit-${lang}-card`);
}

async function isPublic(visit, card, title, lang) {
    await visit.go('/deposits');
    await visit.shows('everybody reads it in the list', title);
    await visit.look('deposits');
    await visit.follow(visit.link(card));
    await visit.shows('the second outlet, too', `转载：${lang}`);
    for (const [no, own, other] of [['CC001', title, `转载：${lang}`], ['CC013', `转载：${lang}`, title]]) {
        await visit.go(`/outlets/${no}`);
        const section = visit.main.locator('section', { has: visit.page.locator('#h-d') }).last();
        await visit.shows(`${no}: its own page shows it in its own words`, own, section);
        await visit.hides(`${no}: and nobody else's`, other, section);
    }
    await visit.isInLog('it is an entry of the log', 'Link deposited', 'CC001');
}

export async function run(world, setting, told) {
    const reporter = await Visit.open(world, setting, told), other = await Visit.open(world, setting, told), reader = await Visit.open(world, setting, told);
    const title = `手工存证的一则 ${setting.lang}`;
    try {
        await reporter.signIn('tang.yizhou');
        const card = await deposits(reporter, title, setting.lang);
        await other.signIn('cen.yuan');
        await joins(other, card, setting.lang);
        await isPublic(reader, card, title, setting.lang);
    } catch (error) {
        await reporter.keep(`deposit-${setting.lang}-reporter`);
        await other.keep(`deposit-${setting.lang}-other`);
        await reader.keep(`deposit-${setting.lang}-reader`);
        throw error;
    } finally {
        for (const visit of [reporter, other, reader]) await visit.close();
    }
}
