// tests/plumbing/json.mjs - `json canonical`: RFC 8785, and what is JSON at all (RFC 8259 within I-JSON).
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { each, filesOf, readLines, suites } from './lib.mjs';

const canonical = ['json', 'canonical'];

async function jcs(suite) {
    for (const name of ['arrays', 'french', 'values']) {
        const input = readFileSync(join(suites, 'jcs/input', `${name}.json`));
        const expected = readFileSync(join(suites, 'jcs/output', `${name}.json`));
        const answer = await suite.run(name, canonical, input);
        if (answer) suite.check(name, answer.status === 0 && answer.out.equals(expected), answer.out);
        const again = await suite.run(`${name} again`, canonical, expected);
        if (again) suite.check(`${name} is its own canonical form`, again.out.equals(expected), again.out);
    }
    // A thousand numbers in one array, so that each is proved without a process of its own; written in full, as C's
    // printf would, and as the canonical form itself.
    const rows = readLines('jcs/numbers.txt').map((line) => line.split(','));
    const double = new DataView(new ArrayBuffer(8));
    const valueOf = (hex) => {
        double.setBigUint64(0, BigInt(`0x${hex}`));
        return double.getFloat64(0);
    };
    const parts = [];
    for (let from = 0; from < rows.length; from += 1000) parts.push(rows.slice(from, from + 1000));
    await each(parts, async (part) => {
        const numbers = part.map(([hex]) => valueOf(hex));
        for (const spelling of [(n) => n.toExponential(20), (n) => Object.is(n, -0) ? '-0' : String(n)]) {
            const answer = await suite.run('numbers', canonical, `[${numbers.map(spelling)}]`);
            if (!answer) continue;
            const got = answer.out.toString().slice(1, -1).split(',');
            // The second spelling only counts when it fails: the cases are the numbers.
            part.forEach(([hex, expected], i) => {
                if (got[i] !== expected) suite.check(`number ${hex}`, false, `${got[i]}, not ${expected}`);
            });
        }
        suite.passed += part.length;
    });
}

// What the suite leaves free, decided: 0 accepted, 2 refused, 3 beyond the limit of nesting.
const decided = {
    i_number_double_huge_neg_exp: 0, i_number_real_underflow: 0, // smaller than any double: 0
    i_number_neg_int_huge_exp: 2, i_number_pos_double_huge_exp: 2, i_number_real_neg_overflow: 2,
    i_number_real_pos_overflow: 2, // beyond a double
    i_number_too_big_neg_int: 0, i_number_very_big_negative_int: 0, // doubles, as RFC 8785 reads them
    'i_string_UTF-16LE_with_BOM': 2, i_string_utf16BE_no_BOM: 2, i_string_utf16LE_no_BOM: 2, // not UTF-8
    'i_string_UTF8_surrogate_U+D800': 2, i_string_iso_latin_1: 2, i_string_lone_utf8_continuation_byte: 2,
    i_string_not_in_unicode_range: 2, i_string_overlong_sequence_6_bytes: 2, // ill-formed UTF-8
    i_string_incomplete_surrogate_pair: 2, i_string_invalid_lonely_surrogate: 2, // lone surrogates
    i_structure_500_nested_arrays: 3, // 64 levels
    'i_structure_UTF-8_BOM_empty_object': 2, // RFC 8259, 8.1: no BOM
};
const transforms = {
    'number_1.000000000000000005': [0, '[1]'], number_10000000000000000999: [0, '[10000000000000000000]'],
    object_key_nfd_nfc: [0, '{"e\u0301":"NFD","\u00e9":"NFC"}'], object_same_key_same_value: [2], object_same_key_unclear_values: [2],
    string_1_escaped_invalid_codepoint: [2], string_1_invalid_codepoint: [2], string_3_escaped_invalid_codepoints: [2],
    string_3_invalid_codepoints: [2], string_with_escaped_NULL: [0, '["A\\u0000B"]'],
};

async function parsing(suite) {
    await each(filesOf(join(suites, 'json-parsing/test_parsing'), '.json'), async (path) => {
        const name = basename(path, '.json');
        const answer = await suite.run(name, canonical, readFileSync(path));
        if (!answer) return;
        if (name.startsWith('n_')) {
            suite.check(name, answer.status === 2 || answer.status === 3, `status ${answer.status}`);
        } else if (name.startsWith('i_')) {
            if (suite.check(`${name} is decided`, name in decided))
                suite.passed--;
            suite.check(name, answer.status === decided[name], `status ${answer.status}`);
        } else if (name.startsWith('y_object_duplicated_key')) {
            suite.check(name, answer.status === 2, 'RFC 7493, 2.3 refuses a name twice');
        } else {
            suite.check(name, answer.status === 0 && sameValue(answer.out, readFileSync(path)), `${answer.status} ${answer.out}`);
        }
    });
    await each(filesOf(join(suites, 'json-parsing/test_transform'), '.json'), async (path) => {
        const name = basename(path, '.json');
        const answer = await suite.run(name, canonical, readFileSync(path));
        const [status, text = ''] = transforms[name] ?? ['not decided'];
        if (answer) suite.check(name, answer.status === status && answer.out.toString() === text, `${answer.status} ${answer.out}`);
    });
}

const sorted = (value) => Array.isArray(value) ? value.map(sorted)
    : value && typeof value === 'object' ? Object.keys(value).sort().map((key) => [key, sorted(value[key])]) : value;
const sameValue = (a, b) => JSON.stringify(sorted(JSON.parse(a.toString()))) === JSON.stringify(sorted(JSON.parse(b.toString())));

const nested = (levels) => '['.repeat(levels) + ']'.repeat(levels);
const rules = [
    ['a name twice', '{"a":1,"a":1}', 2], ['a name twice, escaped', '{"a":1,"\\u0061":1}', 2],
    ['a name twice, deep', '[{"x":{"b":1,"c":2,"b":3}}]', 2], ['a lone high surrogate', '"\\ud800"', 2],
    ['a lone low surrogate in a name', '{"\\udc00":1}', 2], ['a number beyond a double', '[1e309]', 2],
    ['a negative one', '-1e999', 2], ['the largest double', '1.7976931348623157e308', 0, '1.7976931348623157e+308'],
    ['ill-formed UTF-8', Buffer.from([0x22, 0xC3, 0x28, 0x22]), 2], ['an overlong form', Buffer.from([0x22, 0xC0, 0x80, 0x22]), 2],
    ['trailing data', '{} {}', 2], ['trailing letters', '1 x', 2], ['nothing', '', 2], ['blanks', ' \n\t', 2],
    ['a BOM', '\ufeff{}', 2], ['a control in a text', '"\u0001"', 2], ['single quotes', "{'a':1}", 2],
    ['a final comma', '[1,]', 2], ['a comment', '[1] // x', 2], ['64 levels', nested(64), 0, nested(64)],
    ['65 levels', nested(65), 3], ['100,000 levels', '['.repeat(100_000), 3],
    ['100,000 levels of objects', '{"a":'.repeat(100_000), 3],
    ['integers beyond 2^53 are doubles', '[9007199254740993,9007199254740994,-9223372036854775808]', 0,
        '[9007199254740992,9007199254740994,-9223372036854776000]'],
    ['minus zero', '[-0,-0.0,0e5]', 0, '[0,0,0]'], ['no final line feed', ' {"b":1 , "a":[]} \n', 0, '{"a":[],"b":1}'],
    ['names sorted by UTF-16', '{"\u{1F600}":1,"\ufb33":2}', 0, '{"\u{1F600}":1,"\ufb33":2}'],
    ['a lone value', '"x"', 0, '"x"'], ['no file', null, 2],
];

async function ijson(suite) {
    await each(rules, async ([what, input, status, text = '']) => {
        const answer = input === null ? await suite.run(what, [...canonical, '/nobody/has/this'])
            : await suite.run(what, canonical, input);
        if (answer) suite.check(what, answer.status === status && answer.out.toString() === text,
            `status ${answer.status}, "${answer.out}"`);
    });
}

export const canonicalSuites = [
    { name: 'jcs', cases: 4996, judge: jcs },
    { name: 'json-parsing', cases: 169, judge: parsing },
    { name: 'i-json', cases: rules.length, needsShared: false, judge: ijson },
];
