#!/usr/bin/env python3
"""Makes the Word files of tests/docx: run once by hand, kept so that everyone can see how they came about.
    tools/make_docx.py [FOLDER]
Those named office-* are written by LibreOffice where it is installed, the rest by hand, part by part."""
import os, struct, subprocess, sys, tempfile, zipfile, zlib

OUT = sys.argv[1] if len(sys.argv) > 1 else 'tests/docx'
NS = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
      'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
      'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
      'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
      'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
      'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
      'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
      'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
      'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
      'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
      'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"')
REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
WHEN = (2026, 3, 5, 8, 0, 0)


def png(red, green, blue, width=24, height=16):
    rows = b''.join(b'\0' + bytes([red, green, blue]) * width for _ in range(height))
    part = lambda kind, data: struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    return b'\x89PNG\r\n\x1a\n' + part(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)) + part(b'IDAT', zlib.compress(rows, 9)) + part(b'IEND', b'')


def style(id, name, inside='', kind='paragraph'):
    return f'<w:style w:type="{kind}" w:styleId="{id}"><w:name w:val="{name}"/>{inside}</w:style>'


STYLES = ''.join([style('Normal', 'Normal'), style('a3', 'Title'), style('Quote', 'Quote', '<w:rPr><w:i/></w:rPr>'), style('caption', 'caption'),
                  *(style(str(n), f'heading {n}', f'<w:pPr><w:outlineLvl w:val="{n - 1}"/></w:pPr><w:rPr><w:b/></w:rPr>') for n in range(1, 7)),
                  style('Sub', '小标题', '<w:basedOn w:val="2"/>'), style('TOC1', 'toc 1'),
                  style('ListBullet', 'List Bullet', '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'),
                  style('Strong', 'Strong', '<w:rPr><w:b/></w:rPr>', 'character'),
                  style('Hyperlink', 'Hyperlink', '<w:rPr><w:u w:val="single"/></w:rPr>', 'character')])


def level(n, fmt, start=1):
    return f'<w:lvl w:ilvl="{n}"><w:start w:val="{start}"/><w:numFmt w:val="{fmt}"/></w:lvl>'


NUMBERING = ('<w:abstractNum w:abstractNumId="0">' + ''.join(level(n, 'bullet') for n in range(9)) + '</w:abstractNum>'
             '<w:abstractNum w:abstractNumId="1">' + level(0, 'decimal') + level(1, 'lowerLetter') + level(2, 'lowerRoman') + '</w:abstractNum>'
             '<w:abstractNum w:abstractNumId="2">' + level(0, 'chineseCounting', 3) + level(1, 'bullet') + '</w:abstractNum>'
             '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
             '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>'
             '<w:num w:numId="4"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>')


def t(text):
    return f'<w:t xml:space="preserve">{text}</w:t>'


def r(text, props=''):
    return f'<w:r>{"<w:rPr>" + props + "</w:rPr>" if props else ""}{t(text)}</w:r>'


def p(*runs, style='', props=''):
    inner = (f'<w:pStyle w:val="{style}"/>' if style else '') + props
    return f'<w:p>{"<w:pPr>" + inner + "</w:pPr>" if inner else ""}{"".join(x if x.startswith("<") else r(x) for x in runs)}</w:p>'


def li(text, num=1, lvl=0):
    return p(text, props=f'<w:numPr><w:ilvl w:val="{lvl}"/><w:numId w:val="{num}"/></w:numPr>')


def tc(content, props=''):
    return f'<w:tc>{"<w:tcPr>" + props + "</w:tcPr>" if props else ""}{content if content.startswith("<") else p(content)}</w:tc>'


def tr(*cells, props=''):
    return f'<w:tr>{"<w:trPr>" + props + "</w:trPr>" if props else ""}{"".join(x if x.startswith("<w:tc>") else tc(x) for x in cells)}</w:tr>'


def tbl(*rows):
    return f'<w:tbl><w:tblPr/>{"".join(rows)}</w:tbl>'


def drawing(rel, alt='', how='embed', inside=None):
    inside = inside or f'<pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="p"/></pic:nvPicPr><pic:blipFill><a:blip r:{how}="{rel}"/></pic:blipFill></pic:pic>'
    return f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr="{alt}"/><a:graphic><a:graphicData>{inside}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'


def box(*paragraphs):
    inside = f'<w:txbxContent>{"".join(paragraphs)}</w:txbxContent>'
    return (f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>'
            f'<mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>')


def ins(*runs):
    return f'<w:ins w:id="1" w:author="贲远" w:date="2026-03-05T08:00:00Z">{"".join(runs)}</w:ins>'


def cut(text):
    return f'<w:del w:id="2" w:author="贲远" w:date="2026-03-05T08:00:00Z"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def field(instruction, result):
    mark = lambda kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'
    return mark('begin') + f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>' + mark('separate') + r(result) + mark('end')


def note(kind, n):
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{kind}Reference w:id="{n}"/></w:r>'


def notes(kind, *texts):
    return (f'<w:{kind}s {NS}><w:{kind} w:type="separator" w:id="0"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:{kind}>' +
            ''.join(f'<w:{kind} w:id="{n}">{x if x.startswith("<") else p(x)}</w:{kind}>' for n, x in enumerate(texts, 1)) + f'</w:{kind}s>')


def write(name, body, rels=(), parts=None, main=None, packed=zipfile.ZIP_DEFLATED):
    """rels: (id, type, target, external)."""
    types = {'styles': 'styles.xml', 'numbering': 'numbering.xml'}
    every = [(f's{n}', kind, target, False) for n, (kind, target) in enumerate(types.items())] + list(rels)
    relation = lambda x: f'<Relationship Id="{x[0]}" Type="{REL}{x[1]}" Target="{x[2]}"{" TargetMode=" + chr(34) + "External" + chr(34) if x[3] else ""}/>'
    files = {
        '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        '_rels/.rels': f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{REL}officeDocument" Target="word/document.xml"/></Relationships>',
        'word/document.xml': main or f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document {NS}><w:body>{body}</w:body></w:document>',
        'word/styles.xml': f'<w:styles {NS}>{STYLES}</w:styles>', 'word/numbering.xml': f'<w:numbering {NS}>{NUMBERING}</w:numbering>',
        'word/_rels/document.xml.rels': f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(map(relation, every))}</Relationships>',
        **(parts or {}),
    }
    with zipfile.ZipFile(f'{OUT}/{name}.docx', 'w', packed) as z:
        for path, data in files.items():
            if data is not None:
                info = zipfile.ZipInfo(path, WHEN)
                info.compress_type = packed
                z.writestr(info, data)


IMAGE = ('i1', 'image', 'media/image1.png', False)
PNG = {'word/media/image1.png': png(40, 120, 90)}


def text_files():
    write('plain', p('春天的第一场雨', style='a3') + p('凌晨四点，雨落在图书馆的铜屋顶上，先是一滴，然后是一片。') + p('值班的老周说，他听雨听了二十年，只有三月的雨会让他打开窗。'))
    write('headings', p('食堂的一天', style='1') + p('五点：和面', style='2') + p('一百二十斤面粉，八个人，四十分钟。') + p('七点：开门', style='2') + p('第一个进门的总是长跑队。', style='') + p('他们吃什么', style='Sub') + p('两个鸡蛋，一碗粥，再加一个鸡蛋。') + p('细目', style='6') + p('完。'))
    write('emphasis', p('他说', r('一定', '<w:b/>'), '要', r('慢', '<w:i/>'), '，不要', r('快', '<w:strike/>'), '；', r('记住', '<w:u w:val="single"/>'), '这', r('两个词', '<w:b/><w:i/>'), '。水是 H', r('2', '<w:vertAlign w:val="subscript"/>'), 'O，面积是 3 m', r('2', '<w:vertAlign w:val="superscript"/>'), '。', r('不粗', '<w:b w:val="0"/>'), r('很粗', '<w:rStyle w:val="Strong"/>')))
    write('links', p('课表在', '<w:hyperlink r:id="l1">' + r('教务处的网页', '<w:rStyle w:val="Hyperlink"/>') + '</w:hyperlink>', '，地图在', field('HYPERLINK "https://map.example/campus?a=1&amp;b=2"', '这里'), '；见', '<w:hyperlink w:anchor="later">' + r('下文') + '</w:hyperlink>', '。'), [('l1', 'hyperlink', 'https://jwc.example/kb', True)])
    write('links-hostile', p('<w:hyperlink r:id="l1">' + r('点我') + '</w:hyperlink>', ' ', '<w:hyperlink r:id="l2">' + r('再点我') + '</w:hyperlink>', ' ', '&lt;script&gt;alert(1)&lt;/script&gt;', field('HYPERLINK "javascript:alert(2)"', '第三次')), [('l1', 'hyperlink', 'javascript:alert(1)', True), ('l2', 'hyperlink', 'https://x.example/&quot;onmouseover=&quot;alert(1)', True)])
    write('quote', p('校医的话我记了下来：') + p('膝盖不会说谎。', style='Quote') + p('它只是说得比较晚。', style='Quote') + p('我当天就换了鞋。'))
    write('breaks', p(f'<w:r>{t("第一行")}<w:br/>{t("第二行")}<w:tab/>{t("缩进")}<w:br w:type="page"/></w:r>') + p('') + p(f'<w:r>{t("联")}<w:noBreakHyphen/>{t("动")}</w:r>'))
    write('ruby', p('<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>liándòng</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>联动</w:t></w:r></w:rubyBase></w:ruby></w:r>', '就是互相接住。'))
    write('symbols', p('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', ' 带伞 ', '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', ' 带校园卡'))
    write('hidden', p('看得见的字', r('看不见的字', '<w:vanish/>'), '还在。'))
    write('contents', p('目录', style='TOC1') + p('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>' + r('一 实验楼 1')) + p(r('二 操场 2') + '<w:r><w:fldChar w:fldCharType="end"/></w:r>') + p('实验楼', style='1') + p('三楼的灯整夜亮着。') + p('操场', style='1') + p('跑道正在重铺。'))


def list_files():
    write('list-bullets', p('开学要带：') + li('录取通知书') + li('一寸照片四张') + li('厚被子（北方的同学不必）') + p('别的都买得到。'))
    write('list-nested', li('衣', 1, 0) + li('夏天', 1, 1) + li('短袖三件', 1, 2) + li('冬天', 1, 1) + li('食', 1, 0) + li('住', 1, 0))
    write('list-numbers', p('借相机的步骤：') + li('填表', 2) + li('带学生证', 2) + li('原件', 2, 1) + li('复印件', 2, 1) + p('到这里，先停一下：周三不办公。') + li('取相机', 2) + li('还相机', 2))
    write('list-start', li('第三条：不在宿舍做饭', 3) + li('电饭锅也算', 3, 1) + li('第四条：十一点熄灯', 3) + p('另有一份从七数起：') + li('七', 4) + li('八', 4))
    write('list-style', p('由样式而来', style='ListBullet') + p('也是', style='ListBullet') + p('这一段说它不是', style='ListBullet', props='<w:numPr><w:numId w:val="0"/></w:numPr>'))
    write('list-heading', p('一章', style='1', props='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>') + p('正文。') + p('二章', style='1', props='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>') + p('正文。'))
    write('list-skipped', li('深处', 1, 2) + li('浅处', 1, 0))


def table_files():
    write('table', p('运动会前三名：') + tbl(tr('项目', '第一', props='<w:tblHeader/>'), tr('跳远', '机械学院'), tr('铅球', '中文系')) + p('中文系的铅球是头一回。'))
    write('table-merged', tbl(tr(tc('上午', '<w:gridSpan w:val="2"/>'), '下午'), tr(tc('一教', '<w:vMerge w:val="restart"/>'), '高数', '体育'), tr(tc(p(), '<w:vMerge/>'), '英语', '自习')))
    write('table-nested', tbl(tr(tc(p('外') + tbl(tr('内一', '内二')) + p('后')), tc(li('甲') + li('乙')))))


def picture_files():
    write('picture', p('河边的桥，摄于清晨。') + p(drawing('i1', '一座石桥，桥下有三只鸭子')) + p('图一　石桥', style='caption') + p('鸭子每天都来。'), [IMAGE], PNG)
    write('picture-no-alt', p('两张照片，都没有说明。') + p(drawing('i1')) + p('行内', drawing('i2'), '也可以。'), [IMAGE, ('i2', 'image', 'media/image2.png', False)], {**PNG, 'word/media/image2.png': png(200, 60, 50)})
    write('picture-one', p('一张照片，没有说明。') + p(drawing('i1')), [IMAGE], PNG)
    write('picture-lost', p('一张矢量图，一张在别处，一张丢了。') + p(drawing('i1', '示意图'), drawing('i2', '别处', 'link'), drawing('i9', '没有')), [('i1', 'image', 'media/image1.emf', False), ('i2', 'image', 'https://pics.example/a.png', True)], {'word/media/image1.emf': b'\1\0\0\0not a picture of pages'})
    write('picture-old', p('<w:r><w:pict><v:shape alt="校门"><v:imagedata r:id="i1"/></v:shape></w:pict></w:r>'), [IMAGE], PNG)


def other_files():
    write('notes', p('这座楼建于 1956 年', note('footnote', 1), '，设计者不详', note('endnote', 1), '。后来加过一层', note('footnote', 2), '。'), [('f', 'footnotes', 'footnotes.xml', False), ('e', 'endnotes', 'endnotes.xml', False)],
          {'word/footnotes.xml': notes('footnote', '据校史馆藏的施工图。', p('加层在 ', r('1983', '<w:b/>'), ' 年。')), 'word/endnotes.xml': notes('endnote', '图上的签名已经认不出来。')})
    write('tracked', p('会议', cut('周二'), ins(r('周四')), '举行。') + p('这一段的末尾被删', props='<w:rPr><w:del w:id="3" w:author="贲远"/></w:rPr>') + p('所以两段成了一段。') + p('<w:moveFrom w:id="4">' + r('搬走的') + '</w:moveFrom>', '留下的') + p('<w:moveTo w:id="5">' + r('搬来的') + '</w:moveTo>', r('曾经是粗体', '<w:rPrChange w:id="6"><w:rPr><w:b/></w:rPr></w:rPrChange>')))
    write('tracked-table', tbl(tr('留', '着'), tr('删', '了', props='<w:del w:id="7" w:author="贲远"/>')))
    write('text-box', p('正文先走。', box(p('框里的话：', r('留意', '<w:b/>'), '右边。'))) + p('正文继续。'))
    write('comments', p('<w:commentRangeStart w:id="0"/>' + r('这一句有人有意见。') + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'), [('c', 'comments', 'comments.xml', False)], {'word/comments.xml': f'<w:comments {NS}><w:comment w:id="0">{p("太长了")}</w:comment></w:comments>'})
    write('equation', p('圆的面积是 ', '<m:oMath><m:r><m:t>πr²</m:t></m:r></m:oMath>', '，谁都知道。') + p('另一条成了图：', drawing('i1', '勾股定理')), [IMAGE], PNG)
    write('chart', p('去年的借书量：') + p(drawing('', '柱状图', inside='<c:chart r:id="c1"/>')) + p('<w:r><mc:AlternateContent><mc:Choice Requires="cx1"><w:drawing><c:chart r:id="c2"/></w:drawing></mc:Choice><mc:Fallback>' + drawing('i1', '折线图的图片')[5:-6] + '</mc:Fallback></mc:AlternateContent></w:r>') + p(drawing('', '流程', inside='<dgm:relIds r:dm="d1"/>')), [IMAGE], PNG)
    write('header-footer', p('正文只有一句。') + '<w:sectPr><w:headerReference r:id="h1"/><w:footerReference r:id="h2"/></w:sectPr>', [('h1', 'header', 'header1.xml', False), ('h2', 'footer', 'footer1.xml', False), ('h3', 'footer', 'footer2.xml', False)],
          {'word/header1.xml': f'<w:hdr {NS}>{p("内部资料")}</w:hdr>', 'word/footer1.xml': f'<w:ftr {NS}>{p("第 1 页")}</w:ftr>', 'word/footer2.xml': f'<w:ftr {NS}>{p()}</w:ftr>'})
    write('embedded', p('<w:r><w:object><v:shape alt="表格的样子"><v:imagedata r:id="i1"/></v:shape><o:OLEObject r:id="o1"/></w:object></w:r>', '内嵌的表格在上面。'), [IMAGE], PNG)
    write('content-control', '<w:sdt><w:sdtPr><w:alias w:val="标题"/></w:sdtPr><w:sdtContent>' + p('来自内容控件。') + '</w:sdtContent></w:sdt>')
    write('shape', p('下面有一条线。', '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><wps:wsp><wps:spPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'))
    strict = f'<w:document {NS}><w:body>{p("严格格式也能读。")}</w:body></w:document>'.replace('http://schemas.openxmlformats.org/wordprocessingml/2006/main', 'http://purl.oclc.org/ooxml/wordprocessingml/main')
    write('strict', '', main=strict)
    write('utf16', '', main=f'<?xml version="1.0" encoding="UTF-16"?><w:document {NS}><w:body>{p("双字节的文件。")}</w:body></w:document>'.encode('utf-16'))
    write('stored', p('没有压缩的文件。'), packed=zipfile.ZIP_STORED)


def bad_files():
    write('bad-not-word', '', parts={'word/document.xml': None})
    write('bad-root', '', main='<workbook/>')
    write('bad-xml', '', main=f'<w:document {NS}><w:body><w:p></w:body>')
    write('bad-entities', '', main=f'<!DOCTYPE w:document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><w:document {NS}><w:body>{p("&b;&c;")}</w:body></w:document>')
    write('bad-deep', '<w:sdt><w:sdtContent>' * 150 + p('深') + '</w:sdtContent></w:sdt>' * 150)
    write('bad-bomb', p('a' * 3000000))
    whole = open(f'{OUT}/plain.docx', 'rb').read()
    open(f'{OUT}/bad-cut.docx', 'wb').write(whole[:len(whole) // 2])
    cfb = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 1016
    open(f'{OUT}/bad-old.docx', 'wb').write(cfb + 'WordDocument'.encode('utf-16-le') + b'\0' * 100)
    open(f'{OUT}/bad-encrypted.docx', 'wb').write(cfb + 'EncryptedPackage'.encode('utf-16-le') + b'\0' * 100)
    open(f'{OUT}/bad-text.docx', 'wb').write('我只是一段文字。'.encode())


OFFICE = {
    'office-story': '<h1>借一盏灯</h1><p>停电的晚上，<b>三号楼</b>借来一盏<i>应急灯</i>，放在楼梯口。</p><h2>谁在看书</h2><ul><li>准备考试的人<ul><li>高数</li><li>英语</li></ul></li><li>睡不着的人</li></ul><p>灯亮到<a href="https://lamp.example/night">凌晨两点</a>。</p>',
    'office-table': '<h1>Three benches</h1><p>We measured how long people stay.</p><table border="1"><tr><th>Bench</th><th>Minutes</th></tr><tr><td>By the lake</td><td>41</td></tr><tr><td>By the bins</td><td>2</td></tr></table><p>The <u>lake</u> wins; the bins do <s>not</s>.</p>',
    'office-list': '<p>The bicycle rules:</p><ol><li>Ring twice.<ol><li>Once for them.</li><li>Once for you.</li></ol></li><li>Never on the grass.</li></ol><blockquote>Grass remembers.</blockquote>',
}


def office_files():
    with tempfile.TemporaryDirectory() as folder:
        for name, html in OFFICE.items():
            open(f'{folder}/{name}.html', 'w').write(f'<html><head><meta charset="utf-8"></head><body>{html}</body></html>')
            subprocess.run(['soffice', f'-env:UserInstallation=file://{folder}/profile', '--headless', '--infilter=HTML (StarWriter)', '--convert-to', 'docx:MS Word 2007 XML', '--outdir', OUT, f'{folder}/{name}.html'], check=True, stdout=subprocess.DEVNULL)


os.makedirs(OUT, exist_ok=True)
for make in (text_files, list_files, table_files, picture_files, other_files, bad_files):
    make()
try:
    office_files()
except FileNotFoundError:
    print('LibreOffice is not installed: the office-* files stay as they are')
