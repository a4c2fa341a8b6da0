// tests/proof/errors.mjs - kinds of mistakes as people make them, put into good text one by one; for each the rules that ought to see it.
// A kind gives the places of a text where it can be made, each { at, end, put }: characters at..end become `put`.

const places = (text, pattern, put) => [...text.matchAll(pattern)].map((match) => {
    const [whole, ...groups] = match, made = put(whole, ...groups);
    return { at: match.index, end: match.index + whole.length, put: made };
});
const han = '\\p{Script=Han}';
const re = (source) => new RegExp(source, 'gu');

/** Words and how they come out of a hurried hand: written down from handbooks, not from our rule files. */
const confused = { 已经: '己经', 部署: '布署', 竞争: '竟争', 竞赛: '竟赛', 覆盖: '复盖', 竣工: '峻工', 严峻: '严竣', 即使: '既使', 既然: '即然',
    候选: '侯选', 气候: '气侯', 治理: '冶理', 治疗: '冶疗', 贯穿: '惯穿', 震撼: '震憾', 遗憾: '遗撼', 坐落: '座落', 渔业: '鱼业', 渔民: '鱼民',
    赋予: '付予', 予以: '于以', 丰富多彩: '丰富多采', 精彩: '精采', 因地制宜: '因地治宜', 一如既往: '一如继往', 记忆犹新: '记忆尤新',
    需求: '须求', 鼓励: '鼓厉', 激励: '激厉', 历史: '厉史', 经历: '经厉', 赢得: '嬴得', 副主席: '付主席', 副总理: '付总理', 培训: '陪训',
    培育: '陪育', 赔偿: '陪偿', 陪同: '赔同', 规模: '规摸', 摸索: '模索', 周密: '周蜜', 密切: '蜜切', 模型: '摸型', 辐射: '幅射', 毕竟: '必竟',
    松弛: '松驰', 急躁: '急燥', 干燥: '干躁', 分歧: '分岐', 妨碍: '防碍', 安装: '按装', 追溯: '追朔', 签署: '签暑', 销售: '消售',
    消费: '销费', 消防: '销防', 取消: '取销', 营销: '营消', 撤销: '撤消', 蓝图: '篮图', 篮球: '蓝球', 钻研: '专研', 诠释: '铨释', 恳请: '垦请',
    开垦: '开恳', 诚恳: '诚垦', 洽谈: '恰谈', 融洽: '融恰', 磨砺: '磨厉', 砥砺: '砥厉', 抉择: '决择', 脉搏: '脉博', 急需: '急须',
    供需: '供须', 必需品: '必须品', 振奋: '震奋', 提纲: '题纲', 题材: '提材', 座谈: '坐谈', 浑身: '混身', 汽车: '气车', 桥梁: '桥粱', 摄影: '涉影',
    瞭望: '了望', 粗犷: '粗旷', 通宵: '通霄', 元宵: '元霄', 气概: '气慨', 大概: '大慨', 概念: '慨念', 感慨: '感概', 凋敝: '凋蔽' };

export const kinds = [
    { name: 'a comma of half width', rules: ['P001'], of: (text) => places(text, re(`(?<=${han}),?，(?=${han})`), () => ',') },
    { name: 'a full stop of half width', rules: ['P002'], of: (text) => places(text, re(`(?<=${han})。`), () => '.') },
    { name: 'a colon of half width', rules: ['P003'], of: (text) => places(text, re(`(?<=${han})：(?=${han})`), () => ':') },
    { name: 'parentheses of half width', rules: ['P007'], of: (text) => places(text, re(`（(${han}[^（）\\n]*)）`), (whole, inner) => `(${inner})`) },
    { name: 'a comma twice', rules: ['P009'], of: (text) => places(text, re(`(?<=${han})，(?=${han})`), () => '，，') },
    { name: 'a comma and a full stop', rules: ['P010'], of: (text) => places(text, re(`(?<=${han})。`), () => '，。') },
    { name: 'a quotation that never closes', rules: ['P015', 'P017'], of: (text) => places(text, re('(?<=“[^”“\\n]*)”'), () => '') },
    { name: 'a quotation that never opened', rules: ['P016'], of: (text) => places(text, re('“(?=[^”“\\n]*”)'), () => '') },
    { name: 'a parenthesis that never closes', rules: ['P019'], of: (text) => places(text, re('(?<=（[^（）\\n]*)）'), () => '') },
    { name: 'a title that never closes', rules: ['P021', 'P023'], of: (text) => places(text, re('(?<=《[^《》\\n]*)》'), () => '') },
    { name: '的 or 了 twice', rules: ['W024', 'W025'], of: (text) => places(text, re(`(?<=${han})([的了])(?=${han})`), (whole) => whole + whole) },
    { name: 'a word twice', rules: ['W028'], of: (text) => places(text, re('进行|通过|根据|因为|但是|我们|他们|已经|没有|可以|同时|以及|今年|我国|如果|由于'), (whole) => whole + whole) },
    { name: 'a word that sounds or looks the same', rules: null, of: (text) => places(text, re(Object.keys(confused).join('|')), (whole) => confused[whole]) },
    { name: 'a day that the calendar lacks', rules: ['N013'], of: (text) => places(text, /(?<![\d年])(\d{1,2})月(\d{1,2})日/g, (whole, month) => `${month}月${['4', '6', '9', '11'].includes(month) ? 31 : 32}日`) },
    { name: 'a wrong weekday', rules: ['N014'], of: (text) => places(text, /(20\d\d)年(\d{1,2})月(\d{1,2})日/g, (whole, year, month, day) =>
        `${whole}（星期${'日一二三四五六'[(new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 2) % 7]}）`) },
    { name: 'a range with one per cent sign', rules: ['N007'], of: (text) => places(text, /(?<![\d.～~—－-])(\d{1,2})%/g, (whole, number) => `${Math.max(0, number - 1)}～${whole}`) },
    { name: '约 and 左右', rules: ['G004'], of: (text) => places(text, /(?<![预节契条公签])约(\d+)(万?)(人|元|个|公里|吨|米)/g, (whole) => `${whole}左右`) },
    { name: 'digits of full width', rules: ['P031'], of: (text) => places(text, /(?<![\d.])\d+(?![\d.])/g, (whole) => whole.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xFEE0))) },
    { name: 'a telephone of somebody', rules: ['S001'], of: (text) => places(text, re(`(?<=${han})。`), () => '，电话13812345678。') },
    { name: 'an ellipsis of dots', rules: ['P024', 'P002'], of: (text) => places(text, re(`(?<=${han})。(?=\\n|$)`), () => '...') },
];
