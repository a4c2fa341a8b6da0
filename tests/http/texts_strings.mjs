// tests/http/texts_strings.mjs - the strings that break programs, and which of them goes through which field.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shared } from '../lib/server.mjs';
import { escaped } from './lib.mjs';

/** How many the corpora give; where they are not here, so many are skipped. */
export const NAUGHTY = 262, UNICODE = 305;
const CELLS = 300, RUN = 100000;

export function naughtyStrings() {
    return JSON.parse(readFileSync(join(shared, 'corpora/conformance/naughty-strings/blns.json'), 'utf8'));
}

/** Sources and forms of the normalisation test, and confusable signs: every so many lines, the same in each run. */
export function unicodeStrings() {
    const folder = join(shared, 'corpora/conformance/unicode');
    const points = (text) => String.fromCodePoint(...text.trim().split(/\s+/).map((hex) => parseInt(hex, 16)));
    const out = [];
    for (const [file, columns] of [['NormalizationTest.txt', 3], ['confusables.txt', 2]]) {
        const lines = readFileSync(join(folder, file), 'utf8').split('\n').filter((line) => /^[0-9A-F]{4}/.test(line));
        const stride = Math.max(1, Math.floor(lines.length * columns / (CELLS / 2)));
        for (let i = 0; i < lines.length; i += stride)
            for (const cell of lines[i].split(';').slice(0, columns)) out.push(points(cell));
    }
    return out;
}

/** What a form keeps of a text: blanks at the ends go, line breaks are LF. */
export const trimmed = (text) => text.replace(/\r\n?/g, '\n').replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
/** What every page must hold of a value in a text place or an attribute. */
export const holds = (page, text) => page.includes(escaped(text)) || page.includes(escaped(text).replaceAll('\n', '&#10;'));

/** An inline script, a frame, or a handler among the attributes; what stands inside an attribute's quotes is none. */
export const activeIn = (page) => /<script(?! src="\/assets)(?! type="application\/json")[^>]*>|<iframe/i.exec(page) ??
    /<[a-z]+\s(?:[^>]*\s)?on\w+\s*=/i.exec(page.replace(/"[^"]*"/g, '""'));

/** What every free text takes, whatever else it demands: 14 characters. */
export const PLAIN = '<b onx="">&\'é';
export const BROKEN = 'a\nb';

/** These go through every field; a Buffer holds bytes that are no text. */
const always = [
    PLAIN, BROKEN, '', ' ', '\u3000', 'a\r\nb\rc', 'a\tb', '\0', 'a\0b', '\x1b[31m', '\x7f', '\x85', '\ufeffa', '\ufffe\uffff\u{1fffe}\ufdd0',
    '\u202egpj.exe\u2066x\u2069', 'e\u0301\u1100\u1161\u11a8\u212b', `Z${'\u0335\u0489\u0301'.repeat(20)}`, '\u{20000}\u{10fffd}😀', '👨‍👩‍👧🏳️‍🌈',
    'a\u2028b', '{{{form}}}{{> frame/page}}', '%00%0a{0}{1}%s%n', '\');--', '..', '-1', '9223372036854775808',
    ...['ff fe', 'c0 af', 'ed a0 80', 'e4 bd', 'f4 90 80 80', '61 fc 80 80 80 80 80 62'].map((hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex')),
];
const runs = ['a', '中', '<', '\u0301', '\n', '\u{1f600}'];

const hashOf = (text) => createHash('sha256').update(text).digest().readUInt32BE(0);

/** A string (null: not here) with what it is called, and a number that depends on its name and the salt alone. */
const sampleOf = (value, name) => ({ value, what: `${name} ${JSON.stringify(value?.toString().slice(0, 40))}`, pick: (salt) => hashOf(`${salt} ${name}`) });

function corpusSamples() {
    const isHere = existsSync(shared), nothing = (count) => Array(count).fill(null);
    return [...(isHere ? naughtyStrings() : nothing(NAUGHTY)).map((text, i) => sampleOf(text, `naughty ${i}`)),
        ...(isHere ? unicodeStrings() : nothing(UNICODE)).map((text, i) => sampleOf(text, `unicode ${i}`))];
}

/**
 * The share of each field, decided by hashes alone: what is always sent; two characters, each repeated RUN times; then each
 * string goes to one field of each kind (not to the dear ones, where a password is hashed or a picture read); then fields that
 * have fewer than `least` get the strings that follow from a place of their own.
 */
export function shareOut(fields, least) {
    const strings = corpusSamples();
    const usual = always.map((value, i) => sampleOf(value, `always ${i}`)), long = runs.map((sign) => sampleOf(sign.repeat(RUN), `${RUN} of ${sign}`));
    const shares = new Map(fields.map((field) => [field, new Set([...usual, long[0], long[1 + hashOf(field.key) % (long.length - 1)]])]));
    for (const kind of new Set(fields.map((field) => field.kind))) {
        const those = fields.filter((field) => field.kind === kind && !field.isDear);
        for (const one of those.length ? strings : []) shares.get(those[one.pick(kind) % those.length]).add(one);
    }
    for (const field of fields)
        for (let i = hashOf(field.key); shares.get(field).size < least; i++) shares.get(field).add(strings[i % strings.length]);
    return { shares, count: strings.length + usual.length + long.length };
}
