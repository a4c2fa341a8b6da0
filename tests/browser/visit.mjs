// tests/browser/visit.mjs - one browser at one desk: goes, reads, fills in, sends, and notices what must never happen.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPackage, here, root } from './browser.mjs';

const catalogues = { zh: readCatalogue('zh_CN'), en: readCatalogue('en') };

function readCatalogue(name) {
    const text = readFileSync(join(root, `po/${name}.po`), 'utf8').replace(/"\n"/g, '');
    return new Map([...text.matchAll(/^msgid "(.*)"\nmsgstr "(.+)"$/gm)].map(([, id, said]) => [JSON.parse(`"${id}"`), JSON.parse(`"${said}"`)]));
}

/**
 * A sentence of the program as the pages of that language say it; {name} is filled in from values. Whether every
 * sentence has its translation is for tools/messages.py to say; where it lacks, the pages too say the sentence itself.
 */
export function words(lang, sentence, values = {}) {
    return (catalogues[lang].get(sentence) ?? sentence).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const failureLine = /^Failed to load resource: the server responded with a status of (4|5)\d\d/;
export const pictures = join(root, 'build/test-logs');

/** A context of the browser as its owner set it up: language, size, light or dark, scripts or none. */
export function newContext(browser, { lang, view, scripts = true, theme = 'light' }) {
    return browser.newContext({
        locale: lang === 'zh' ? 'zh-CN' : 'en-GB', viewport: sizes[view], isMobile: view === 'phone',
        hasTouch: view === 'phone', javaScriptEnabled: scripts, colorScheme: theme, reducedMotion: 'reduce',
    });
}

export class Visit {
    /** told(what, is, detail) is where a check goes; looker gets each kind of page once per language, or is null. */
    static async open(world, setting, told) {
        const visit = new Visit();
        Object.assign(visit, { world, setting, told, origin: world.alliance.origin, lang: setting.lang, cookies: 0 });
        visit.context = await newContext(world.browser, setting);
        visit.context.setDefaultTimeout(20000);
        visit.page = await visit.context.newPage();
        visit.watch();
        return visit;
    }

    watch() {
        const fault = (what) => (detail) => this.told(what, false, `${detail} on ${this.page.url()}`);
        this.context.on('console', (message) => {
            // Chromium itself says so when a page comes with 410 or 422, which the journeys ask for.
            const isPage = failureLine.test(message.text()) && message.location().url.startsWith(this.origin) &&
                this.refused.has(message.location().url.split('#')[0]);
            if (!isPage) fault('no page writes to the console')(message.text());
        });
        this.refused = new Set();
        this.context.on('weberror', (error) => fault('no script fails')(error.error()));
        this.page.on('dialog', async (dialog) => {
            fault('no dialog opens')(dialog.message());
            await dialog.dismiss();
        });
        this.context.on('request', (request) => {
            if (!request.url().startsWith(this.origin + '/') && !request.url().startsWith('data:'))
                fault('nothing is asked of other sites')(request.url());
        });
        this.context.on('response', async (response) => {
            if (response.headers()['set-cookie']) this.cookies++;
            if (response.request().isNavigationRequest()) {
                this.response = response;
                if (response.status() >= 400) this.refused.add(response.url().split('#')[0]);
            } else if (response.status() >= 400) {
                fault('every file of a page is there')(`${response.status()} ${response.url()}`);
            }
        });
    }

    check(what, is, detail = '') { this.told(what, Boolean(is), detail); }
    equal(what, got, expected) { this.check(what, got === expected, `got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`); }
    words(sentence, values) { return words(this.lang, sentence, values); }

    // ---- going ----

    expect(response, status) {
        if (response.status() !== status)
            throw new Error(`${response.request().method()} ${response.url()}: ${response.status()}, expected ${status}`);
        return response;
    }

    async go(path, status = 200) {
        return this.expect(await this.page.goto(path.startsWith('http') ? path : this.origin + path), status);
    }

    /** What act does brings another page, which must come with that status. */
    async after(act, status = 200) {
        const [response] = await Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), act()]);
        return this.expect(response, status);
    }

    /** The first visible link of the page's text, or of the whole page, to that path. */
    link(path, within = this.main) {
        return within.locator(`a[href="${path}"], a[href^="${path}?"]`).filter({ visible: true }).first();
    }
    follow(link, status) { return this.after(() => link.click(), status); }

    // ---- reading ----

    get main() { return this.page.getByRole('main'); }
    text() { return this.main.innerText(); }
    get path() { return new URL(this.page.url()).pathname; }

    async shows(what, sentence, within = this.main) {
        const text = (await within.innerText()).replace(/\s+/g, ' ');
        this.check(what, text.includes(sentence), `"${sentence}" is not in: ${text.slice(0, 500)}`);
    }
    async hides(what, sentence, within = this.main) {
        const text = (await within.innerText()).replace(/\s+/g, ' ');
        this.check(what, !text.includes(sentence), `"${sentence}" is in: ${text.slice(0, 500)}`);
    }

    /** An act's entry has its place in the log within a second: the page is read until it is there, at most 10 s. */
    async isInLog(what, sentence, ...others) {
        for (const end = Date.now() + 10000; ;) {
            await this.go('/log');
            let rows = this.main.getByRole('row').filter({ hasText: this.words(sentence) });
            for (const other of others) rows = rows.filter({ hasText: other });
            const count = await rows.count();
            if (count > 0 || Date.now() > end) return this.check(what, count > 0, (await this.text()).slice(0, 600));
        }
    }

    /** Hands the page as it stands to the one who looks at each kind of page, once per language. */
    async look(kind) {
        await this.world.looker?.take(kind, this);
    }

    // ---- forms ----

    form(ending) { return this.main.locator(`form[method="post"][action$="${ending}"], form[method="post"][action*="${ending}?"]`).first(); }
    field(name, within = this.main) { return within.locator(`[name="${name}"]`).first(); }

    async fill(values, within = this.main) {
        for (const [name, value] of Object.entries(values)) {
            const field = this.field(name, within);
            if ((await field.getAttribute('type')) === 'file') await field.setInputFiles(value);
            else if ((await field.evaluate((element) => element.localName)) === 'select') await field.selectOption(value);
            else await field.fill(value);
        }
    }

    /**
     * Fills the form whose action ends so, and presses its button; the answer comes with that status. What the server
     * is to refuse is sent by a browser that checks nothing itself.
     */
    async send(ending, values = {}, status = 200) {
        const form = this.form(ending);
        if (status >= 400) await form.evaluate((element) => { element.noValidate = true; });
        for (const summary of await form.locator('xpath=ancestor::details[not(@open)]/summary').all()) await summary.click();
        await this.fill(values, form);
        return this.after(() => form.getByRole('button').last().click(), status);
    }

    /** Has the field that was refused a sentence that a screen reader says with it? */
    async refusedAt(what, name, sentence) {
        const field = this.field(name);
        const ids = ((await field.getAttribute('aria-describedby')) ?? '').split(/\s+/).filter(Boolean);
        const said = [];
        for (const id of ids) said.push(await this.page.locator(`[id="${id}"]`).innerText());
        this.check(`${what}: the message stands at the field`, said.join(' ').includes(sentence),
            `described by ${JSON.stringify(said)}, expected "${sentence}"`);
        this.equal(`${what}: the field is marked`, await field.getAttribute('aria-invalid'), 'true');
    }

    /** The session's cookie as a header: the driver's own requests do not send a Secure one over http. */
    async cookie() {
        return (await this.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    }

    /** A request that no form of the page offers, sent with the session and the token of this browser. */
    async force(path, fields) {
        const csrf = await this.page.locator('input[name="csrf"]').first().getAttribute('value');
        return this.context.request.post(this.origin + path, {
            form: { csrf, ...fields }, maxRedirects: 0, headers: { Origin: this.origin, Accept: 'text/html', 'Accept-Language': this.lang,
                Cookie: await this.cookie() } });
    }

    async signIn(login) {
        await this.go('/signin');
        await this.send('/signin', { login, password: this.world.alliance.password });
        this.equal(`${login} arrives at the desk`, this.path, '/desk');
        return this;
    }

    // ---- leaving ----

    async keep(name) {
        mkdirSync(pictures, { recursive: true });
        await this.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true }).catch(() => null);
    }
    async close() { await this.context.close(); }
}

const axeSource = () => readFileSync(join(here, 'node_modules/axe-core/axe.min.js'), 'utf8');

/**
 * Looks at each kind of page once per language, in a browser of its own so that the visits go on meanwhile: axe-core in
 * light and dark, no wider than the window at four widths.
 */
export class Looker {
    static async open(browser, told) {
        const looker = new Looker();
        Object.assign(looker, { told, seen: new Set(), queue: [], pages: 0, contexts: {}, axe: axeSource(), busy: null });
        for (const lang of ['zh', 'en']) {
            const context = await newContext(browser, { lang, view: 'desktop' });
            looker.contexts[lang] = await context.newPage();
        }
        return looker;
    }

    async take(kind, visit) {
        const key = `${kind}, ${visit.lang}`;
        if (this.seen.has(key)) return;
        this.seen.add(key);
        const html = await visit.page.content();
        this.queue.push({ key, lang: visit.lang, url: visit.page.url(), html, csp: visit.response?.headers()['content-security-policy'] });
        this.busy ??= this.work().finally(() => { this.busy = null; });
    }

    async work() {
        while (this.queue.length > 0) await this.judge(this.queue.shift());
    }

    async judge({ key, lang, url, html, csp }) {
        const page = this.contexts[lang];
        const narrow = lang === 'zh' ? 'light' : 'dark';
        try {
            await page.route(url, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html,
                headers: csp ? { 'content-security-policy': csp } : {} }));
            await page.goto(url);
            for (const width of [360, 1280, 390, 1600]) {
                await page.setViewportSize({ width, height: width < 700 ? 844 : 900 });
                const [is, has] = await page.evaluate(() => [document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]);
                this.told(`${key}: no wider than a window of ${width}`, is <= has, `${is} > ${has}`);
                if (width !== 390 && width !== 1280) continue;
                await page.emulateMedia({ colorScheme: (width === 390) === (narrow === 'light') ? 'light' : 'dark', reducedMotion: 'reduce' });
                await this.judgeAccess(page, `${key}, ${width}`);
            }
            this.pages++;
        } catch (error) {
            this.told(`${key}: can be looked at`, false, error.message);
        } finally {
            await page.unrouteAll().catch(() => null);
        }
    }

    async judgeAccess(page, key) {
        await page.evaluate(this.axe);
        const { theme, faults } = await page.evaluate(async () => ({
            theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
            faults: (await globalThis.axe.run(document, { resultTypes: ['violations'] })).violations.map((fault) =>
                `${fault.id} (${fault.nodes.length}): ${fault.nodes[0].html.slice(0, 160)} ${fault.nodes[0].failureSummary.slice(0, 240)}`),
        }));
        this.told(`${key}, ${theme}: axe-core finds nothing`, faults.length === 0, faults.join('\n   '));
    }

    async end() {
        while (this.busy) await this.busy;
    }
}

export { findPackage };
