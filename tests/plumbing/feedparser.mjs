// tests/plumbing/feedparser.mjs - what `feed parse` printed, seen under feedparser's names.
import { NotMapped } from './python.mjs';

const decodeHtml = (text) => text.replace(/&(amp|lt|gt|quot);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name]);
const escapeHtml = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);

/** Plain text with or without its HTML. */
class Text {
    constructor(text, html) { Object.assign(this, { text, html }); }
    equals(other, clean) {
        if (other instanceof Text) return other.text === this.text && other.html === this.html;
        if (typeof other !== 'string') return other === null && !this.text && !this.html;
        if (this.html !== undefined) return clean(other) === this.html.trim();
        if (/<\/|<\w+[^>]*>.*\/>/.test(other)) return clean(other) === escapeHtml(this.text ?? ''); // markup had to be seen as such
        return other === (this.text ?? '') || clean(other) === escapeHtml(this.text ?? '');
    }
    get isThere() { return this.text !== undefined || this.html !== undefined; }
}

class Html extends Text {
    constructor(html) { super(undefined, html ?? ''); }
}

/** What a link in a text shows of the text's base. */
class Base {
    constructor(html) { this.html = html; }
    equals(other) { return new RegExp(` (?:href|src)="${other.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`).test(decodeHtml(this.html)); }
}

class Moment {
    constructor(text) { this.ms = Date.parse(text); }
    equals(other) {
        if (!Array.isArray(other)) return Date.parse(other) === this.ms;
        const at = new Date(this.ms);
        return [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()]
            .every((part, i) => part === other[i]);
    }
}

/** The encoding in use: another name will do where the bytes mean the same under it. */
class Encoding {
    constructor(name, bytes) { Object.assign(this, { name, bytes }); }
    equals(other) {
        if (other.toLowerCase() === this.name) return true;
        try {
            return new TextDecoder(other).decode(this.bytes) === new TextDecoder(this.name).decode(this.bytes);
        } catch { return false; }
    }
}

const reasons = {
    type: 'the type of a text is not told: what had markup has an _html member',
    language: 'the language of a title or summary is not told, only that of feeds and items',
    base: 'the base of a text is not told, and nothing relative in the text shows it',
};

/** X_detail of feedparser; its value is the text itself. */
function detail(text) {
    const base = text.html && / (?:href|src)="/.test(text.html) ? new Base(text.html) : new NotMapped(reasons.base);
    return { value: text, type: new NotMapped(reasons.type), language: new NotMapped(reasons.language), base };
}

const person = (one) => one && { name: one.name, email: one._feed?.email, href: one.url, url: one.url };
const line = (one) => one && (one._feed?.email ? (one.name ? `${one.name} (${one._feed.email})` : one._feed.email) : one.name);
const moments = (name, value) => value === undefined ? {} : { [name]: new Moment(value), [`${name}_parsed`]: new Moment(value) };
const other = (key) => `${key}: no member for it`;

function common(object, own, title, titleHtml) {
    const texts = { title: new Text(title, titleHtml), rights: new Text(own.rights, own.rights_html), info: new Text(own.info, own.info_html) };
    texts.copyright = texts.rights;
    const view = { other, links: own.links ?? [], link: object.url ?? object.home_page_url, language: object.language,
        authors: (object.authors ?? []).map(person), author: line(object.authors?.[0]), author_detail: person(object.authors?.[0]),
        contributors: (own.contributors ?? []).map(person), publisher: line(own.publisher), publisher_detail: person(own.publisher),
        tags: (own.categories ?? []).map(({ term, scheme, label }) => ({ term, scheme, label })), category: own.categories?.[0]?.term,
        generator: own.generator?.name, generator_detail: own.generator && { ...own.generator, href: own.generator.url },
        license: own.links?.find(({ rel }) => rel === 'license')?.href, icon: object.icon, logo: own.logo,
        itunes_block: own.itunes?.block === undefined ? undefined : Number(own.itunes.block), itunes_explicit: own.itunes?.explicit,
        itunes_duration: own.itunes?.duration, ...moments('created', own.created) };
    for (const [name, text] of Object.entries(texts)) Object.assign(view, { [name]: text, [`${name}_detail`]: detail(text) });
    return view;
}

function head(object) {
    const own = object._feed ?? {}, subtitle = new Text(own.subtitle, own.subtitle_html), view = common(object, own, object.title, own.title_html);
    for (const name of ['subtitle', 'tagline', 'description']) Object.assign(view, { [name]: subtitle, [`${name}_detail`]: detail(subtitle) });
    return Object.assign(view, moments('updated', own.updated), moments('published', own.published), { id: own.id, guid: own.id, docs: own.docs,
        ttl: own.ttl, cloud: own.cloud, textinput: own.text_input, image: own.image && { ...own.image, href: own.image.url } });
}

function entry(item, feed) {
    const own = item._feed ?? {}, view = common(item, own, item.title, own.title_html);
    const content = new Html(item.content_html);
    const summary = item.summary !== undefined || own.summary_html !== undefined ? new Text(item.summary, own.summary_html) : content;
    for (const name of ['summary', 'description']) Object.assign(view, { [name]: summary, [`${name}_detail`]: detail(summary) });
    const first = { ...detail(content), language: item.language ?? feed.language, src: item.attachments?.[0]?.url };
    return Object.assign(view, moments('published', item.date_published), moments('updated', item.date_modified), moments('expired', own.expired), {
        id: item.id, guid: item.id, content: [first], comments: own.comments, guidislink: own.guid_is_permalink && item.url === item.id,
        enclosures: (item.attachments ?? []).map((one) => ({ url: one.url, href: one.url, type: one.mime_type,
            length: one.size_in_bytes === undefined ? undefined : String(one.size_in_bytes) })),
        image: item.image && { href: item.image }, source: own.source && head(own.source),
        wfw_commentrss: own.links?.find(({ rel }) => rel === 'replies')?.href });
}

/** The names of an expression. */
export function scope(output, bytes) {
    const { repaired, problems, version, encoding } = output._liandong;
    return { feed: head(output), entries: output.items.map((item) => entry(item, output)), version,
        bozo: repaired || problems.includes('encoding-label'), encoding: new Encoding(encoding, bytes) };
}

export const equality = (clean) => function equal(left, right) {
    if (left?.equals) return left.equals(right, clean);
    if (right?.equals) return right.equals(left, clean);
    if (left === right) return true;
    if (right === null || left === null) return (left ?? null) === (right ?? null);
    if (typeof left === 'boolean' || typeof right === 'boolean') return Number(left) === Number(right);
    if (typeof left !== 'object' || typeof right !== 'object') return String(left ?? '') === String(right);
    return Object.keys(right).every((key) => equal(left[key] ?? null, right[key]));
};
