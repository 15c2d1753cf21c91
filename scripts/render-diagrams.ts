/**
 * `node scripts/render-diagrams.ts [--png DIRECTORY] [process id …]`: draws the diagrams of `bpmn/` as `docs/diagrams/<id>.svg`,
 * and, when asked, as pictures to look at.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'puppeteer'
import { launchBrowser } from '../src/documents/browser.ts'

const fontFamily = '"Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif'
const root = new URL('..', import.meta.url).pathname
const require = createRequire(import.meta.url)

/** What the page below puts on its window. */
interface DrawingWindow {
  draw(xml: string, fontFamily: string): Promise<string>
}

/** Draws one diagram as SVG that needs no other file. */
async function drawSvg(page: Page, xml: string, id: string): Promise<string> {
  const svg = await page.evaluate(
    (source, family) => (globalThis as unknown as DrawingWindow).draw(source, family),
    xml,
    fontFamily,
  )
  return `${steady(svg.slice(svg.indexOf('<svg')), id)}\n`
}

/** The same diagram gives the same file: bpmn-js names arrow heads at random. White below, for dark pages. */
function steady(svg: string, id: string): string {
  const markers = [...new Set([...svg.matchAll(/marker-[0-9a-z]{20,}/g)].map(([name]) => name))]
  const named = markers.reduce((text, marker, index) => text.replaceAll(marker, `${id}-marker-${index + 1}`), svg)
  const [, x, y, width, height] = /viewBox="(\S+) (\S+) (\S+) (\S+)"/.exec(named) ?? []
  return named.replace(
    /<svg[^>]*>/,
    (head) => `${head}<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="#fff"/>`,
  )
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { png: { type: 'string' } } })
const known = readdirSync(join(root, 'bpmn'))
  .filter((file) => file.endsWith('.bpmn'))
  .map((file) => basename(file, '.bpmn'))
const unknown = positionals.filter((id) => !known.includes(id))
if (unknown.length > 0) {
  console.error(`No such diagram: ${unknown.join(', ')}. There are ${known.join(', ')}.`)
  process.exit(1)
}

const cacheDirectory = mkdtempSync(join(tmpdir(), 'diagrams-'))
const browser = await launchBrowser({ cacheDirectory })
try {
  const page = await browser.newPage()
  await page.setContent(
    '<!doctype html><style>body{margin:0;background:#fff}#canvas{width:2000px;height:1200px}</style><div id="canvas"></div>',
  )
  await page.addScriptTag({ path: require.resolve('bpmn-js/dist/bpmn-viewer.production.min.js') })
  await page.addScriptTag({
    content: `globalThis.draw = async (xml, fontFamily) => {
      const style = { fontFamily }
      const viewer = new BpmnJS({ container: '#canvas', textRenderer: { defaultStyle: style, externalStyle: style } })
      try {
        const { warnings } = await viewer.importXML(xml)
        if (warnings.length > 0) throw new Error(warnings.map((warning) => warning.message).join('; '))
        return (await viewer.saveSVG()).svg
      } finally {
        viewer.destroy()
      }
    }`,
  })
  mkdirSync(join(root, 'docs/diagrams'), { recursive: true })
  for (const id of positionals.length > 0 ? positionals : known) {
    const svg = await drawSvg(page, readFileSync(join(root, 'bpmn', `${id}.bpmn`), 'utf8'), id)
    writeFileSync(join(root, 'docs/diagrams', `${id}.svg`), svg)
    console.log(`docs/diagrams/${id}.svg`)
    if (values.png === undefined) continue
    mkdirSync(values.png, { recursive: true })
    const picture = await browser.newPage()
    await picture.setViewport({ width: 2400, height: 1400, deviceScaleFactor: 1 })
    await picture.setContent(`<!doctype html><style>body{margin:20px;background:#fff}</style>${svg}`)
    const drawing = await picture.$('svg')
    if (drawing === null) throw new Error(`${id}: nothing was drawn`)
    await drawing.screenshot({ path: join(values.png, `${id}.png`) as `${string}.png` })
    await picture.close()
  }
} finally {
  await browser.close()
  rmSync(cacheDirectory, { recursive: true, force: true })
}
