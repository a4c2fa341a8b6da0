// tests/plumbing/docx.mjs - `text docx` over the Word files of tests/docx (made by tools/make_docx.py): exactly what is expected.
//
//     node tests/plumbing/docx.mjs write      writes expected.json anew after a change of meaning: read the difference
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { protocolFault, run } from './lib.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../docx');
const names = readdirSync(folder).filter((name) => name.endsWith('.docx')).map((name) => name.slice(0, -5)).sort();

/** What the program says of a file: its JSON, or its status and line. */
async function answerOf(name) {
    const answer = await run(['text', 'docx', join(folder, `${name}.docx`)], '', { cpuSeconds: 20 });
    return { fault: protocolFault(answer), said: answer.status === 0 ? JSON.parse(answer.out) : { status: answer.status, line: answer.err.toString().trim() } };
}

export const docxSuites = [{
    name: 'docx', cases: names.length, needsShared: false,
    async judge(suite) {
        const expected = JSON.parse(readFileSync(join(folder, 'expected.json')));
        for (const name of names) {
            const { fault, said } = await answerOf(name);
            suite.check(name, !fault && JSON.stringify(said) === JSON.stringify(expected[name]), fault ?? JSON.stringify(said));
        }
    },
}];

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === 'write') {
    const all = {};
    for (const name of names) all[name] = (await answerOf(name)).said;
    writeFileSync(join(folder, 'expected.json'), JSON.stringify(all, null, 1) + '\n');
}
