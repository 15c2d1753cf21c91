import { decodePDFRawStream, type PDFDocument, PDFName, PDFRawStream } from '@cantoo/pdf-lib'

/**
 * Free CJK fonts draw a character and its look-alikes (Kangxi and supplementary radicals, compatibility ideographs,
 * angle brackets, …) with one glyph, and Chromium then writes the look-alike into the PDF: 页 prints right but is found
 * and copied as the radical ⻚. The printed page does not change; these functions put the document's own characters back
 * into the fonts' ToUnicode maps, so that a search for 页 finds it.
 */

/** Look-alikes that Unicode's compatibility decomposition does not know, each followed by its ordinary character. */
const lookAlikes =
  '⺂乛⺃乚⺅亻⺇𠘨⺉刂⺋㔾⺍𭕄⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺛旡⺞歺⺟母⺠民⺡氵⺣灬⺤爫⺦丬⺨犭⺩𤣩⺭礻⺮𥫗⺯糹⺰纟⺱罓⺳㓁⺹耂⺺肀⺽𦥑⺾艹⻁虎⻂衤⻃覀⻅见⻆角⻇𧢲⻈讠⻉贝' +
  '⻊𧾷⻋车⻌辶⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟⼾户' +
  '∕／〜～‵｀•·‧·・·'

const ordinary = new Map<string, string>()
const pairs = [...lookAlikes]
for (let index = 0; index + 1 < pairs.length; index += 2) ordinary.set(pairs[index] ?? '', pairs[index + 1] ?? '')

/** One form for a character and all its look-alikes. */
function fold(character: string): string {
  return (ordinary.get(character) ?? character).normalize('NFKC')
}

/**
 * Makes the text of a PDF the text that was printed.
 *
 * @param document changed in place
 * @param printed the document's source; only characters that occur in it are put back
 * @returns the Chinese characters of the source that no font could print: an empty box stands for them
 */
export function restorePrintedCharacters(document: PDFDocument, printed: string): string[] {
  const characters = new Set(printed)
  const byFold = new Map<string, string>()
  for (const character of characters) byFold.set(fold(character), character)

  const drawn = new Set<string>()
  for (const [reference, object] of document.context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFRawStream) || object.dict.has(PDFName.of('Subtype'))) continue
    const source = Buffer.from(decodedOrEmpty(object)).toString('latin1')
    if (!source.includes('begincmap')) continue
    const map = readGlyphNames(source)
    let changed = false
    for (const [glyph, character] of map) {
      const wanted = characters.has(character) ? character : (byFold.get(fold(character)) ?? character)
      for (const part of wanted) drawn.add(part)
      if (wanted === character) continue
      map.set(glyph, wanted)
      changed = true
    }
    if (changed) document.context.assign(reference, document.context.flateStream(writeGlyphNames(map)))
  }
  // The stylesheet names fonts in Chinese; they are not printed.
  const visible = new Set(printed.replace(/<style>[\s\S]*?<\/style>/g, ''))
  return [...visible].filter((character) => /\p{Script=Han}/u.test(character) && !drawn.has(character))
}

function decodedOrEmpty(stream: PDFRawStream): Uint8Array {
  // Only Flate streams hold text maps; images have filters that the library does not decode.
  const filter = stream.dict.get(PDFName.of('Filter'))
  if (filter !== undefined && filter !== PDFName.of('FlateDecode')) return new Uint8Array()
  return decodePDFRawStream(stream).decode()
}

/** Glyph → text of a ToUnicode map (ISO 32000-1, 9.10.3), as Chromium writes it: `bfchar` and plain `bfrange`. */
function readGlyphNames(source: string): Map<number, string> {
  const map = new Map<number, string>()
  for (const [, body] of source.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, glyph, text] of (body ?? '').matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g)) {
      map.set(Number.parseInt(glyph ?? '', 16), utf16Text(text ?? ''))
    }
  }
  for (const [, body] of source.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, from, to, text] of (body ?? '').matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g)) {
      const first = Number.parseInt(from ?? '', 16)
      const start = utf16Text(text ?? '').codePointAt(0) ?? 0
      for (let glyph = first; glyph <= Number.parseInt(to ?? '', 16); glyph++) {
        map.set(glyph, String.fromCodePoint(start + glyph - first))
      }
    }
  }
  return map
}

function writeGlyphNames(map: ReadonlyMap<number, string>): string {
  const lines = [...map]
    .sort(([one], [other]) => one - other)
    .map(([glyph, text]) => `<${glyph.toString(16).padStart(4, '0')}> <${utf16Hex(text)}>`)
  const blocks: string[] = []
  // A block holds at most 100 lines.
  for (let start = 0; start < lines.length; start += 100) {
    const block = lines.slice(start, start + 100)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`)
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
`
}

function utf16Text(hex: string): string {
  const units = hex.match(/.{4}/g) ?? []
  return String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)))
}

function utf16Hex(text: string): string {
  return text
    .split('')
    .map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'))
    .join('')
}
