// tests/browser/journeys/house_rules.mjs - a chief editor keeps the alliance's own rules; a writer's draft is read by them; anyone sees their versions.
import { Visit } from '../visit.mjs';

export const sentence = 'A chief editor writes a house rule, is told which line is bad, and anyone reads the versions and what changed between them';

const head = 'liandong-proof 1\nlang zh\n';
const rule = (number, find) => `${number} | word | ${find} | 食堂 | 本联盟统一写“食堂”。 | 去${find}吃饭。 | 去食堂吃饭。\n`;

async function writes(chief) {
    await chief.go('/desk/proofreading/rules');
    await chief.look('form of the house rules');
    await chief.send('/proofreading/rules', { text: `${head}H001 | regex | (a+)+ | b | c | d | e\n`, note: '统一叫法' }, 422);
    await chief.refusedAt('a bad line', 'text', '3');
    await chief.look('form of the house rules, refused');
    chief.check('what was typed stays', (await chief.field('text').inputValue()).includes('(a+)+'));
    await chief.send('/proofreading/rules', { text: head + rule('H001', '食堂子'), note: '统一叫法' });
    await chief.shows('the version stands there with its reason', '统一叫法');
    await chief.shows('and with who made it', '方晴');
    await chief.go('/desk/proofreading/rules');
    await chief.send('/proofreading/rules/import', { file: { name: 'other.proof', mimeType: 'text/plain', buffer: Buffer.from(head + rule('H001', '食堂子') + rule('H002', '饭堂子')) }, note: '别的联盟的文件' });
    await chief.shows('a file becomes the next version, compared with the one before', '饭堂子', chief.main.locator('pre.diff ins'));
    await chief.look('version of the house rules');
}

async function proofreads(author) {
    await author.go('/desk/articles/new?outlet=CC001');
    await author.send('/articles', { title: '食堂', text: '大家去饭堂子吃饭。指导教师柳闻溪也在。' });
    await author.go(`${author.path}/proof`);
    author.equal('the draft is read by the house rules and the register\'s card', (await author.page.locator('ol.proofs > li.proof > p.tail b').allInnerTexts()).join(' '), 'H002 L001');
}

async function reads(reader) {
    await reader.go('/proofreading/rules');
    await reader.shows('anyone reads them', '饭堂子');
    await reader.look('house rules');
    reader.equal('and changes nothing', await reader.main.locator('a[href^="/desk"]').count(), 0);
    await reader.follow(reader.main.locator('ul a.t').last());
    await reader.shows('the first version is still there', '食堂子');
}

export async function run(world, setting, told) {
    const chief = await Visit.open(world, setting, told), author = await Visit.open(world, setting, told), reader = await Visit.open(world, setting, told);
    try {
        await chief.signIn('fang.qing');
        await author.signIn('tang.yizhou');
        await writes(chief);
        await proofreads(author);
        await reads(reader);
        await chief.isInLog('and the log', 'List of the proofreader changed');
        await chief.go('/desk/proofreading/rules');
        await chief.send('/proofreading/rules', { text: head, note: '清空' });
    } catch (error) {
        await chief.keep(`house_rules-${setting.lang}`);
        throw error;
    } finally {
        for (const visit of [chief, author, reader]) await visit.close();
    }
}
