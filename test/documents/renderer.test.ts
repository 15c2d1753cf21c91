import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type BrowserOptions,
  createRenderer,
  DocumentDataError,
  DocumentRenderError,
  documentKindCodes,
  documentKinds,
  launchBrowser,
  type Renderer,
} from '../../src/documents/index.ts'
import {
  caseNumber,
  catalogueFull,
  closingFull,
  court,
  enforcementFull,
  noReceptionFull,
  noReceptionMinimal,
  samples,
  transcriptFull,
  transcriptMinimal,
  triageFull,
} from './samples.ts'
import {
  changedTemplates,
  fontsOf,
  footHeight,
  readPdf,
  templatesDirectory,
  temporaryDirectory,
  textOf,
} from './support.ts'

const millimetre = 72 / 25.4

let cacheDirectory: string
let renderer: Renderer
/** Of a court whose name fills a line. */
let distant: Renderer
beforeAll(async () => {
  cacheDirectory = await temporaryDirectory('documents')
  renderer = createRenderer({ templatesDirectory, cacheDirectory, court })
  const name = '测试自治区测试哈萨克自治州察布查尔测试自治县测试垦区人民法院'
  distant = createRenderer({ templatesDirectory, cacheDirectory, court: { name } })
})
afterAll(() => Promise.all([renderer.close(), distant.close()]))

function expectInsideTypeArea(pages: Awaited<ReturnType<typeof readPdf>>): void {
  for (const page of pages) {
    for (const piece of page.pieces.filter(({ text, y }) => text.trim() !== '' && y > footHeight)) {
      expect(piece.x, piece.text).toBeGreaterThanOrEqual(28 * millimetre - 1)
      expect(piece.x + piece.width, piece.text).toBeLessThanOrEqual(184 * millimetre + 1)
      expect(piece.y, piece.text).toBeLessThan(260 * millimetre)
    }
  }
}

describe.each(documentKindCodes)('%s', (kind) => {
  test.each(['full', 'minimal'] as const)('prints from %s data, on A4, in embedded TrueType', async (extent) => {
    const { pdf, pages } = await renderer.render(kind, samples[kind][extent])
    const read = await readPdf(pdf)

    expect(pages).toBe(read.length)
    for (const page of read) {
      expect(page.width).toBeCloseTo(210 * millimetre, 0)
      expect(page.height).toBeCloseTo(297 * millimetre, 0)
    }
    const text = read.map((page) => page.text.replace(/\s/g, '')).join('')
    expect(text).toContain(court.name)
    expect(text).toContain(documentKinds[kind].title)
    expect(text).toContain(caseNumber)
    expect(read.at(-1)?.text.replace(/\s/g, '')).toContain(`第${pages}页共${pages}页`)

    const fonts = await fontsOf(pdf)
    const outlines = fonts.filter((font) => font.subtype !== '/Type0')
    expect(outlines.length).toBeGreaterThan(0)
    for (const font of outlines) expect(font).toMatchObject({ subtype: '/CIDFontType2', embeddedTrueType: true })
  })

  test('keeps its text inside the type area', async () => {
    expectInsideTypeArea(await readPdf((await renderer.render(kind, samples[kind].full)).pdf))
  })

  test('keeps it there with many parties and values longer than a line', async () => {
    const name = '测试（北方）农业机械设备制造与技术服务有限责任公司测试县第一分公司'
    const many = Array.from({ length: 12 }, (_, index) => ({ name: `${name}${index + 1}`, address: 'A'.repeat(90) }))
    const data = { ...samples[kind].full, applicants: many, respondents: many }
    const { pdf } = await distant.render(kind, data)
    expectInsideTypeArea(await readPdf(pdf))
    const text = await textOf(pdf)
    for (const party of many) expect(text).toContain(party.name)
  })
})

describe('the page', () => {
  test('has 22 lines of 28 characters', async () => {
    const { pdf } = await renderer.render('no-reception-statement', {
      ...noReceptionMinimal,
      reason: '测'.repeat(2000),
    })
    const page = (await readPdf(pdf))[1]
    const lines = Map.groupBy(
      (page?.pieces ?? []).filter((piece) => piece.y > footHeight),
      (piece) => Math.round(piece.y),
    )
    expect(lines.size).toBe(22)
    for (const pieces of lines.values())
      expect(
        pieces
          .map((piece) => piece.text)
          .join('')
          .trim(),
      ).toBe('测'.repeat(28))
    const heights = [...lines.keys()].sort((one, other) => other - one)
    const pitch = ((heights[0] ?? 0) - (heights.at(-1) ?? 0)) / 21
    expect(pitch).toBeCloseTo((225 * millimetre) / 22, 1)
  })

  test('prints rare characters as themselves, and they can be found', async () => {
    const rare = '䶮喆堃赟㛃'
    const { pdf } = await renderer.render('closing-notice', { ...closingFull, applicants: [{ name: rare }] })
    expect(await textOf(pdf)).toContain(`申请执行人${rare}与被执行人`)
  })

  test('a character that no font has is an error that names it, not an empty box', async () => {
    // The last character of extension H, which the packaged fonts do not draw.
    const data = { ...closingFull, applicants: [{ name: '甲\u{323AF}' }] }
    await expect(renderer.render('closing-notice', data)).rejects.toThrow('没有字体能打印“\u{323AF}”（U+323AF）')
  })

  test('lets every printed word be found: no look-alike radicals in its text', async () => {
    const { pdf } = await renderer.render('reception-transcript', transcriptFull)
    const text = await textOf(pdf)
    expect(text).not.toMatch(/[\u2e80-\u2fdf]/)
    expect(text).toContain('一、送达地址及联系方式')
    expect(await textOf((await renderer.render('enforcement-notice', enforcementFull)).pdf)).toContain(
      '〈中华人民共和国民事诉讼法〉',
    )
  })
})

describe('初次接待谈话笔录', () => {
  test('covers the seven items of Article 7', async () => {
    const text = await textOf((await renderer.render('reception-transcript', transcriptFull)).pdf)
    for (const words of [
      '一、送达地址及联系方式',
      transcriptFull.service.address,
      '二、核对执行立案信息',
      '（2025）豫0922民初88号民事判决书',
      '28,000.00元（人民币贰万捌仟元整）',
      '证件号码末位登记有误',
      '三、被执行人及其财产情况',
      '实际住址',
      '工作地点',
      '实际经营地',
      '联系电话',
      '审判阶段是否公告送达',
      '关联执行案件',
      transcriptFull.property.mortgages,
      '6312.45元',
      '律师调查令：申请',
      '悬赏执行：暂不申请',
      '纳入失信名单：申请',
      '四、网络司法拍卖意见',
      '测试网络拍卖平台一、测试网络拍卖平台二',
      '先由当事人议价',
      '五、收款账户',
      transcriptFull.payee.number,
      '六、其他',
      '执行风险',
      '申请其破产',
      '终结本次执行程序',
      '七、智慧执行APP',
      '愿意分期，但要有担保',
    ]) {
      expect(text).toContain(words)
    }
    expect(text).toContain('2026年11月23日9时30分至10时05分')
  })

  test.each([
    ['full', transcriptFull],
    ['minimal', transcriptMinimal],
  ])('has its three signature places with the closing statement on the last page (%s)', async (_, data) => {
    const pages = await readPdf((await renderer.render('reception-transcript', data)).pdf)
    const last = pages.at(-1)?.text.replace(/\s/g, '') ?? ''
    expect(pages.length).toBeGreaterThanOrEqual(3)
    const order = ['智慧执行APP', '以上笔录经本人阅读', '谈话人（签名）', '记录人（签名）', '被谈话人（签名）']
    for (const words of order) expect(last).toContain(words)
    expect(pages.slice(0, -1).some((page) => page.text.includes('（签名）'))).toBe(false)
  })
})

describe('the other documents', () => {
  test('关于案件未进行初次接待原因的说明 gives reason, attempts and the specialist to sign', async () => {
    const text = await textOf((await renderer.render('no-reception-statement', noReceptionFull)).pdf)
    expect(text).toContain(noReceptionFull.reason)
    expect(text).toContain('2026年11月20日16时40分')
    expect(text).toContain('初次接待事务专员（签名）')
    expect(text).toContain('入执行案件卷宗正卷')
  })

  test('执行通知书 bears its number, names the obligations and is dated with room for the seal on a page with text', async () => {
    const pages = await readPdf((await renderer.render('enforcement-notice', enforcementFull)).pdf)
    const text = pages
      .map((page) => page.text)
      .join('')
      .replace(/\s/g, '')
    expect(text).toContain('（2026）豫0922执123号之一')
    expect(text).toContain('3日内履行下列义务')
    for (const obligation of enforcementFull.obligations) expect(text).toContain(obligation)
    const last = pages.at(-1)?.text.replace(/\s/g, '') ?? ''
    expect(last).toContain('二〇二六年十一月二十四日')
    expect(last).toContain('本院将依法强制执行')
  })

  test('案件分流移交单 shows every criterion, the decision, its reason and what is handed over', async () => {
    const text = await textOf((await renderer.render('triage-transfer-slip', triageFull)).pdf)
    for (const { wording, team } of triageFull.criteria) expect(text).toContain(`${wording}（${team}）`)
    expect(text).toContain(triageFull.overrideReason)
    expect(text).toContain('移交材料（共5件）')
    expect(text).toContain('接收人（签名）')
  })

  test('卷宗目录 starts each volume on a new page and repeats the head of the table', async () => {
    const pages = await readPdf((await renderer.render('dossier-catalogue', catalogueFull)).pdf)
    const texts = pages.map((page) => page.text.replace(/\s/g, ''))
    const auxiliary = texts.findIndex((text) => text.includes('卷宗目录（副卷）'))
    expect(auxiliary).toBeGreaterThan(1)
    for (const text of texts) expect(text).toContain('序号材料名称形成日期页数页次备注')
    expect(texts.slice(0, auxiliary).join('')).not.toContain('合议庭评议笔录')
    expect(texts[auxiliary - 1]).toContain('本卷共45件，90页')
  })
})

describe('safety', () => {
  test('markup in a name is printed, not obeyed', async () => {
    const name = '甲某<img src=x onerror=alert(1)>&copy;"\'{{court.name}}'
    const { pdf, html } = await renderer.render('closing-notice', { ...closingFull, applicants: [{ name }] })
    expect(html).not.toContain('<img')
    expect(await textOf(pdf)).toContain(name.replace(/\s/g, ''))
  })

  test('a document that asks for anything from outside is refused, and nothing is asked', async () => {
    let requests = 0
    const server = createServer((_request, response) => {
      requests++
      response.end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/seal.png`
    const careless = createRenderer({
      templatesDirectory: await changedTemplates('closing-notice.hbs', (source) =>
        source.replace('特此通知。', `特此通知。<img src="${address}">`),
      ),
      cacheDirectory,
      court,
    })
    try {
      const refused = await careless.render('closing-notice', closingFull).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(DocumentRenderError)
      expect(String(refused)).toContain(address)
      expect(requests).toBe(0)
    } finally {
      await careless.close()
      server.close()
    }
  })

  test('data that does not fit is refused before anything is printed', async () => {
    const { service: _, ...incomplete } = transcriptFull
    await expect(renderer.render('reception-transcript', incomplete)).rejects.toThrow(DocumentDataError)
    await expect(renderer.render('reception-transcript', incomplete)).rejects.toThrow(
      '送达地址及联系方式（service）：缺少',
    )
  })
})

describe('the browser behind it', () => {
  test('prints many at once and starts again after it was killed', async () => {
    const started: Browser[] = []
    const launch = async (options: BrowserOptions) => {
      const browser = await launchBrowser(options)
      started.push(browser)
      return browser
    }
    const own = createRenderer({ templatesDirectory, cacheDirectory, court, concurrency: 2, launch })
    const many = await Promise.all(documentKindCodes.map((kind) => own.render(kind, samples[kind].minimal)))
    expect(many.every((document) => document.pages > 0)).toBe(true)
    expect(started).toHaveLength(1)

    started[0]?.process()?.kill('SIGKILL')
    expect((await own.render('closing-notice', closingFull)).pages).toBeGreaterThan(0)
    expect(started).toHaveLength(2)

    await own.close()
    await expect(own.render('closing-notice', closingFull)).rejects.toThrow('文书打印已停止')
    expect(started[1]?.connected).toBe(false)
  })
})
