// tests/browser/journeys/word_file.mjs - one person: a Word file becomes a draft; what was lost is seen, pictures get words.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../lib/server.mjs';
import { Visit } from '../visit.mjs';

export const sentence = 'A reporter files a Word file, sees what was lost, gives the pictures words and submits';

const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const file = (name) => ({ name: `${name}.docx`, mimeType: type, buffer: readFileSync(join(root, 'tests/docx', `${name}.docx`)) });

export async function run(world, setting, told) {
    const visit = await Visit.open(world, setting, told);
    try {
        await visit.signIn('tang.yizhou');
        await visit.go('/desk/articles/new?outlet=CC001');
        await visit.follow(visit.link('/desk/articles/word?outlet=CC001'));
        await visit.look('a story from a Word file');
        await visit.send('/articles/word', { file: file('bad-old') }, 422);
        await visit.refusedAt('an old .doc', 'file', visit.words('This is a file of an old Word (.doc). Save it as .docx and try again.'));
        await visit.look('a story from a Word file, refused');
        await visit.send('/articles/word', { file: file('tracked') });
        await visit.shows('tracked changes are named', visit.words('Tracked changes: read as accepted, insertions in, deletions out'));
        await visit.look('what a Word file lost');
        await visit.go('/desk/articles/word?outlet=CC001');
        await visit.send('/articles/word', { file: file('picture-one') });
        const id = /\/(\d+)\/word$/.exec(visit.path)[1];
        await visit.look('pictures without words');
        await visit.send(`/articles/${id}/words`, { alts: '一座桥，桥下有三只鸭子' });
        visit.equal('the draft is shown', visit.path, `/desk/articles/${id}`);
        await visit.shows('the way back to what was lost', visit.words('What was lost'));
        await visit.send(`/articles/${id}/submit`);
        await visit.shows('it waits for a second person', visit.words('Waits for a second person'));
        await visit.look('a story from Word, submitted');
    } catch (error) {
        await visit.keep(`word-file-${setting.lang}`);
        throw error;
    } finally {
        await visit.close();
    }
}
