// tests/browser/journeys/reader.mjs - somebody without an account reads, compares, searches, subscribes and checks.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../browser.mjs';
import { Visit } from '../visit.mjs';

export const sentence = 'A reader goes from the front page by an outlet to a story, its versions and corrections, searches, subscribes and checks the log';

/** A story of the demo that was both corrected and brought out again. */
function corrected() {
    for (const file of readdirSync(join(root, 'demo/stories')).sort()) {
        const text = readFileSync(join(root, 'demo/stories', file), 'utf8');
        const correction = /^=== correction .*\n+(.+)/m.exec(text);
        if (correction && /^=== version/m.test(text) && !/^=== withdraw/m.test(text))
            return { outlet: /^outlet: (.*)/m.exec(text)[1].trim(), title: /^title: (.*)/m.exec(text)[1].trim(), correction: correction[1].trim() };
    }
    throw new Error('the demo has no story with a correction and a second version');
}

/** Turns the pages of a list until a link says so. */
async function findLink(visit, name) {
    for (let pages = 0; pages < 20; pages++) {
        const link = visit.main.getByRole('link', { name, exact: true }).first();
        if (await link.count()) return link;
        await visit.follow(visit.main.locator('a[rel="next"]'));
    }
    throw new Error(`no link "${name}"`);
}

async function readsStory(visit, story) {
    await visit.go('/');
    visit.check('the front page has at least ten stories', await visit.main.getByRole('article').count() >= 10);
    await visit.look('front page');
    await visit.follow(visit.link('/outlets', visit.page.getByRole('navigation').first()));
    await visit.look('outlets');
    visit.equal('54 outlets are listed', await visit.main.getByRole('row').count() - 1, 54);
    await visit.follow(visit.link(`/outlets/${story.outlet}`));
    await visit.shows('the outlet shows its number', story.outlet);
    await visit.look('outlet');
    await visit.follow(await findLink(visit, story.title));
    visit.equal('the story has its title', await visit.main.getByRole('heading', { level: 1 }).innerText(), story.title);
    await visit.shows('the correction stands on the page', story.correction);
    const [notice, title] = await Promise.all([visit.main.getByRole('note').first().boundingBox(), visit.main.getByRole('heading', { level: 1 }).boundingBox()]);
    visit.check('the correction stands above the title', notice.y < title.y, `${notice.y}, ${title.y}`);
    await visit.shows('two persons are named as the check', visit.words('Checked by two persons'));
    await visit.look('story');
    return visit.path;
}

async function compares(visit, address) {
    const versions = visit.main.getByRole('navigation', { name: visit.words('Versions') });
    await visit.follow(visit.link(`${address}/versions/1`, versions));
    await visit.shows('an earlier version says so', visit.words('This is not the text that stands now.'));
    await visit.look('earlier version');
    await visit.follow(visit.link(`${address}/versions`));
    await visit.look('versions');
    await visit.follow(visit.main.locator(`a[href^="${address}/diff/1..2"]`));
    visit.check('the comparison marks what went and what came',
        await visit.main.locator('del').count() > 1 && await visit.main.locator('ins').count() > 1);
    await visit.look('comparison');
    await visit.follow(visit.link(address));
    visit.equal('the comparison leads back to the story', visit.path, address);
}

async function searches(visit) {
    for (const word of ['水', '食堂', '图书馆', '选课 复盘']) {
        await visit.go('/search');
        await visit.fill({ q: word });
        await visit.after(() => visit.page.keyboard.press('Enter'));
        const found = await visit.main.getByRole('listitem').count();
        const count = Number(/\d+/.exec(await visit.main.getByRole('status').innerText())[0]);
        visit.check(`"${word}" is found`, found > 0 && count >= found, `${found} of ${count}`);
        await visit.follow(visit.main.getByRole('listitem').first().getByRole('link').first());
        const text = await visit.text();
        visit.check(`the first story found for "${word}" holds it`, word.split(' ').every((part) => text.includes(part)), text.slice(0, 200));
    }
    await visit.go('/search?q=' + encodeURIComponent('水'));
    await visit.look('search');
    await visit.go('/search?q=' + encodeURIComponent('没有这样的词组合'));
    await visit.shows('nothing found says what to try', visit.words('Nothing was found. Try fewer or shorter words; one or two characters are enough.'));
    await visit.look('search without result');
}

async function subscribes(visit, story) {
    await visit.go('/');
    for (const ending of ['atom', 'rss', 'json']) {
        const answer = await visit.context.request.get(`${visit.origin}/feed.${ending}`), text = await answer.text();
        visit.check(`the alliance's ${ending} feed holds its newest story`, answer.status() === 200 &&
            text.includes(await visit.main.getByRole('article').first().getByRole('heading').first().innerText()), text.slice(0, 200));
    }
    await visit.go(`/outlets/${story.outlet}`);
    for (const ending of ['atom', 'rss', 'json']) {
        const link = visit.link(`/outlets/${story.outlet}/feed.${ending}`);
        const answer = await visit.context.request.get(visit.origin + new URL(await link.getAttribute('href'), visit.origin).pathname);
        const text = await answer.text();
        visit.check(`the outlet's ${ending} feed holds the story`, answer.status() === 200 && text.includes(story.title), `${answer.status()} ${text.slice(0, 200)}`);
    }
}

async function checks(visit, address, story) {
    await visit.follow(visit.link('/refusals', visit.page.getByRole('navigation').first()));
    visit.equal('sixteen refusals are listed', await visit.main.getByRole('listitem').count(), 16);
    await visit.look('refusals');
    await visit.follow(visit.link('/refusals/R13'));
    await visit.look('refusal');
    await visit.after(() => visit.main.getByRole('button', { name: visit.words('Send it') }).click(), 403);
    await visit.shows('what is tried ends in the refusal', visit.words('There is no such field, by decision: read what is refused.'));
    await visit.look('refusal tried');
    await visit.follow(visit.link('/refusals/R13'));
    await visit.follow(visit.link('/corrections', visit.page.getByRole('navigation').first()));
    await visit.look('corrections');
    visit.check('the correction is listed with its story', await visit.main.getByRole('link', { name: story.title, exact: true }).count() > 0);
    await visit.follow(visit.link('/log', visit.page.getByRole('navigation').first()));
    await visit.look('log');
    const key = await (await visit.context.request.get(visit.origin + '/log/key')).text();
    await visit.shows('the log shows the key it is signed with', key.trim());
    visit.check('the log lists its entries', await visit.main.getByRole('row').count() > 20);
    await visit.go(address);
    await visit.main.locator('summary').first().click();
    await visit.shows('the story names its entries in the log', visit.words('Released'));
    await visit.go('/articles/1', 404);
    await visit.shows('an unknown address says so', visit.words('There is no such story.'));
    await visit.look('not found');
}

/** The link to the other language leads to the same page, and the links of that page stay in it. */
async function changesLanguage(visit, address) {
    const other = visit.lang === 'zh' ? 'en' : 'zh', tag = { zh: 'zh-CN', en: 'en' }, root = visit.page.locator('html');
    await visit.go('/search?q=' + encodeURIComponent('食堂'));
    await visit.follow(visit.page.getByRole('banner').locator(`a[href*="lang=${other}"]`).filter({ visible: true }).first());
    visit.equal('the language link keeps the page', visit.path, '/search');
    visit.equal('the language link keeps what was searched', await visit.field('q').inputValue(), '食堂');
    visit.equal('the page is in the other language', await root.getAttribute('lang'), tag[other]);
    await visit.follow(visit.main.getByRole('listitem').first().getByRole('link').first());
    visit.equal('a link keeps the language', await root.getAttribute('lang'), tag[other]);
    await visit.go('/search?lang=' + other);
    await visit.fill({ q: '食堂' });
    await visit.after(() => visit.page.keyboard.press('Enter'));
    visit.equal('a search keeps the language', await root.getAttribute('lang'), tag[other]);
    await visit.go(address + '?lang=' + other);
    await visit.follow(visit.page.getByRole('banner').locator(`a[href*="lang=${visit.lang}"]`).filter({ visible: true }).first());
    visit.equal('the way back keeps the page', visit.path, address);
    visit.equal('the way back is in the first language', await root.getAttribute('lang'), tag[visit.lang]);
}

/** Paper of the page, as numbers: how bright it is. */
const paper = (visit) => visit.page.evaluate(() => {
    for (const element of [document.body, document.documentElement]) {
        const [r, g, b, a = 1] = getComputedStyle(element).backgroundColor.match(/[\d.]+/g).map(Number);
        if (a > 0) return r + g + b;
    }
    return NaN;
});

async function changesTheme(visit) {
    await visit.page.emulateMedia({ colorScheme: 'light' });
    const light = await paper(visit);
    await visit.page.emulateMedia({ colorScheme: 'dark' });
    const dark = await paper(visit);
    visit.check('the page is bright or dark as the system is', light > 600 && dark < 200, `${light}, ${dark}`);
    if (visit.setting.scripts) {
        await visit.page.locator('#theme-light').check({ force: true });
        await visit.page.reload();
        visit.check('a chosen appearance is remembered', await paper(visit) > 600, await paper(visit));
    }
    await visit.page.emulateMedia({ colorScheme: visit.setting.theme ?? 'light' });
}

async function prints(visit, address) {
    await visit.go(address);
    await visit.page.emulateMedia({ media: 'print' });
    const shown = await visit.page.evaluate(() => [...document.querySelectorAll('nav a, form, footer, [role=search], button')]
        .filter((element) => element.checkVisibility() && element.getClientRects().length > 0).map((element) => element.outerHTML.slice(0, 80)));
    visit.check('a printed story has no link of a navigation, no form and no button', shown.length === 0, shown.join(' '));
    visit.check('a printed story has its title', await visit.main.getByRole('heading', { level: 1 }).isVisible());
    await visit.page.emulateMedia({ media: 'screen' });
}

export async function run(world, setting, told) {
    const visit = await Visit.open(world, setting, told), story = corrected();
    try {
        const address = await readsStory(visit, story);
        await compares(visit, address);
        await searches(visit);
        await subscribes(visit, story);
        await checks(visit, address, story);
        await changesLanguage(visit, address);
        await changesTheme(visit);
        await prints(visit, address);
        await visit.go('/signin');
        await visit.look('sign-in');
        visit.equal('a reader gets no cookie', visit.cookies + (await visit.context.cookies()).length, 0);
    } catch (error) {
        await visit.keep(`reader-${setting.lang}`);
        throw error;
    } finally {
        await visit.close();
    }
}
