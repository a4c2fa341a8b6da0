// tests/plumbing/python.mjs - the few shapes of Python expressions in which feedparser's cases state what they expect.

/** Thrown by a lookup of what our output has no name for; the message says why. */
export class NotMapped extends Error {}

const escapes = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '\n': '' };
const unescape = (text) => text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([\s\S]))/g,
    (_, u, long, x, c) => c !== undefined ? escapes[c] ?? `\\${c}` : String.fromCodePoint(Number.parseInt(u ?? long ?? x, 16)));

function tokens(text) {
    const found = [];
    const pattern = /\s*(?:(u?"""[\s\S]*?""")|(u?'(?:[^'\\]|\\[\s\S])*'|u?"(?:[^"\\]|\\[\s\S])*")|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(==|!=|[[\](){}.,:+]))/y;
    for (let at = 0; at < text.trimEnd().length;) {
        pattern.lastIndex = at;
        const match = pattern.exec(text);
        if (!match) throw new Error(`no token at ${text.slice(at, at + 40)}`);
        const [, long, string, number, name, sign] = match;
        if (long) found.push({ string: unescape(long.replace(/^u?"""|"""$/g, '')) });
        else if (string) found.push({ string: unescape(string.replace(/^u/, '').slice(1, -1)) });
        else if (number) found.push({ number: Number(number) });
        else found.push(name ? { name } : { sign });
        at = pattern.lastIndex;
    }
    return found;
}

/** The texts in an expression, so that they can be prepared before it is evaluated. */
export function strings(text) {
    const found = [];
    tokens(text).forEach(({ string, sign }, i, list) => {
        if (string === undefined) return;
        if (list[i - 1]?.sign === '+' || list[i - 1]?.string !== undefined) found.push(found.pop() + string);
        else found.push(string);
    });
    return found;
}

/** The value of an expression; names come from `scope`, == is asked of `equal`. */
export function evaluate(text, scope, equal) {
    const list = tokens(text);
    let at = 0;
    const is = (sign) => list[at]?.sign === sign;
    const isWord = (word) => list[at]?.name === word;
    const take = (sign) => {
        if (!is(sign)) throw new Error(`${sign} expected in ${text}`);
        at++;
    };
    const sequence = (end) => {
        const items = [];
        while (!is(end)) {
            items.push(either());
            if (!is(end)) take(',');
        }
        take(end);
        return items;
    };
    const get = (object, key) => {
        if (object instanceof NotMapped) throw object;
        const value = object?.[key];
        if (value instanceof NotMapped) throw value;
        if (value === undefined && object !== null && typeof object === 'object' && !Array.isArray(object) && object.other)
            throw new NotMapped(object.other(key));
        return value;
    };

    function atom() {
        const token = list[at++];
        if (token === undefined) throw new Error(`nothing more in ${text}`);
        if (token.string !== undefined) return isString() ? token.string + atom() : token.string;
        if (token.number !== undefined) return token.number;
        if (token.sign === '[') return sequence(']');
        if (token.sign === '(') {
            const from = at, items = sequence(')');
            return items.length === 1 && !list.slice(from, at).some((part, i) => part.sign === ',' && depthAt(from, from + i) === 0)
                ? items[0] : items;
        }
        if (token.sign === '{') {
            const object = {};
            while (!is('}')) {
                const key = atom();
                take(':');
                object[key] = either();
                if (!is('}')) take(',');
            }
            take('}');
            return object;
        }
        if (token.name === 'True') return true;
        if (token.name === 'False') return false;
        if (token.name === 'None') return null;
        if (token.name === 'len') {
            take('(');
            return sequence(')')[0].length;
        }
        if (!(token.name in scope)) throw new NotMapped(`${token.name}: not a part of what a feed says`);
        return scope[token.name];
    }
    const isString = () => list[at]?.string !== undefined;
    const depthAt = (from, to) => list.slice(from, to).reduce((depth, { sign }) =>
        depth + ('([{'.includes(sign ?? ' ') ? 1 : ')]}'.includes(sign ?? ' ') ? -1 : 0), 0);

    function path() {
        let value = atom();
        for (;;) {
            if (is('[')) {
                at++;
                const key = either();
                take(']');
                value = get(value, key);
            } else if (is('.')) {
                at++;
                const { name } = list[at++];
                if (name === 'get' && is('(')) {
                    at++;
                    value = get(value, sequence(')')[0]);
                } else value = get(value, name);
            } else return value;
        }
    }
    function sum() {
        let value = path();
        while (is('+')) {
            at++;
            value += path();
        }
        return value;
    }
    function comparison() {
        let left = sum(), truth;
        for (;;) {
            if (is('==')) {
                at++;
                const right = sum();
                truth = (truth ?? true) && equal(left, right);
                left = right;
            } else if (isWord('is')) {
                at++;
                truth = (truth ?? true) && sum() === left;
            } else if (isWord('in')) {
                at++;
                truth = sum().includes(left);
            } else return truth ?? left;
        }
    }
    function negation() {
        if (!isWord('not')) return comparison();
        at++;
        const value = negation();
        return !value || (Array.isArray(value) && value.length === 0);
    }
    // Both sides are always read, since a name without a counterpart decides about the whole case.
    function both() {
        let value = negation();
        while (isWord('and')) {
            at++;
            const next = negation();
            value = value && next;
        }
        return value;
    }
    function either() {
        let value = both();
        while (isWord('or')) {
            at++;
            const next = both();
            value = value || next;
        }
        return value;
    }
    const value = either();
    if (at < list.length) throw new Error(`more behind ${text}`);
    return value;
}
