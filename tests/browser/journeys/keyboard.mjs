// tests/browser/journeys/keyboard.mjs - a story from sign-in to submission with keys alone: no click, no tap.
import { Visit } from '../visit.mjs';

export const sentence = 'A reporter signs in, files a story and submits it with the keyboard alone';

/** What has the focus: its name, where it leads or what form it is in, and whether a person sees that it has it. */
const focused = (page) => page.evaluate(() => {
    const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
    return { tag: element.localName, type: element.getAttribute('type'), name: element.getAttribute('name'), id: element.id,
        href: element.getAttribute('href')?.split('?lang=')[0], action: element.form?.getAttribute('action') ?? null, text: element.textContent.trim().slice(0, 40),
        isSeen: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none',
        isOnScreen: box.width > 0 && box.bottom > 0 && box.top < innerHeight };
});

/** Presses Tab until what is meant has the focus; every stop on the way must be visible as such. */
async function tabTo(visit, what, is) {
    for (let presses = 0; presses < 80; presses++) {
        await visit.page.keyboard.press('Tab');
        const at = await focused(visit.page);
        if (at.tag === 'body') continue;
        if (!at.isSeen || !at.isOnScreen) visit.check('every stop of the Tab key is seen', false, JSON.stringify(at));
        if (is(at)) {
            visit.check(`Tab reaches ${what}`, true);
            return at;
        }
    }
    throw new Error(`Tab never reached ${what}`);
}

const toField = (visit, name) => tabTo(visit, `the field ${name}`, (at) => at.name === name && at.type !== 'hidden' && at.id !== '');
const toButton = (visit, ending) => tabTo(visit, `the button of ${ending}`, (at) => at.tag === 'button' && (at.action ?? '').split('?')[0].endsWith(ending));
const enter = (visit, status) => visit.after(() => visit.page.keyboard.press('Enter'), status);

async function type(visit, name, text) {
    await toField(visit, name);
    await visit.page.keyboard.insertText(text);
}

export async function run(world, setting, told) {
    const visit = await Visit.open(world, setting, told), title = `只用键盘写的一篇 ${setting.lang}${Date.now().toString(36)}`;
    try {
        await visit.go('/');
        await visit.page.keyboard.press('Tab');
        const first = await focused(visit.page);
        visit.check('the first stop skips to the text', first.href === '#main' && first.isSeen && first.isOnScreen, JSON.stringify(first));
        await visit.page.keyboard.press('Enter');
        visit.equal('and Enter goes there', (await focused(visit.page)).id, 'main');

        await visit.go('/signin');
        await type(visit, 'login', 'tang.yizhou');
        await type(visit, 'password', world.alliance.password);
        await enter(visit);
        visit.equal('Enter signs in', visit.path, '/desk');

        await tabTo(visit, 'the link that begins a story', (at) => at.href === '/desk/articles/new?outlet=CC001');
        await enter(visit);
        await type(visit, 'title', title);
        await type(visit, 'text', '第一段。\n\n- 一\n- 二\n');
        await toField(visit, 'kind');
        await visit.page.keyboard.press('ArrowDown');
        visit.equal('the arrow key chooses the kind', await visit.field('kind').inputValue(), '通讯');
        await toButton(visit, '/articles');
        await enter(visit);
        await visit.shows('the draft is there', title);

        await toButton(visit, '/submit');
        await enter(visit);
        await visit.shows('the story waits for a second person', visit.words('Waits for a second person'));
        await visit.page.keyboard.press('Tab');
        visit.check('the focus begins anew on the new page', (await focused(visit.page)).tag !== 'body');
    } catch (error) {
        await visit.keep(`keyboard-${setting.lang}`);
        throw error;
    } finally {
        await visit.close();
    }
}
