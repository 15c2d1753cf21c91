/** Classes of characters, by Java's names. */
type Class = (code: number) => boolean

/** The complement. */
export const not =
  (test: Class): Class =>
  (code) =>
    !test(code)

const ofAscii = (pattern: RegExp): Class => {
  const known = Array.from({ length: 128 }, (_, code) => pattern.test(String.fromCharCode(code)))
  return (code) => code < 128 && known[code] === true
}
const ofUnicode =
  (pattern: RegExp): Class =>
  (code) =>
    pattern.test(String.fromCodePoint(code))

export const DIGIT = ofAscii(/\d/)
export const WORD = ofAscii(/\w/)
export const SPACE = ofAscii(/[ \t\n\v\f\r]/)
export const HORIZONTAL = ofUnicode(/[ \t\u00a0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]/u)
export const VERTICAL: Class = (code) =>
  (code >= 10 && code <= 13) || code === 0x85 || code === 0x2028 || code === 0x2029
export const LINE_END: Class = (code) =>
  code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029

const NAMED: Readonly<Record<string, Class>> = {
  Lower: ofAscii(/[a-z]/),
  Upper: ofAscii(/[A-Z]/),
  ASCII: (code) => code < 128,
  Alpha: ofAscii(/[a-zA-Z]/),
  Digit: DIGIT,
  Alnum: ofAscii(/[a-zA-Z0-9]/),
  Punct: ofAscii(/[!-/:-@[-`{-~]/),
  Graph: ofAscii(/[!-~]/),
  Print: ofAscii(/[ -~]/),
  Blank: ofAscii(/[ \t]/),
  Cntrl: (code) => code < 32 || code === 127,
  XDigit: ofAscii(/[0-9a-fA-F]/),
  Space: SPACE,
  javaLowerCase: ofUnicode(/\p{Lowercase}/u),
  javaUpperCase: ofUnicode(/\p{Uppercase}/u),
  javaWhitespace: ofUnicode(/[\t-\r \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/u),
  javaDigit: ofUnicode(/\p{Nd}/u),
  javaLetter: ofUnicode(/\p{L}/u),
  javaAlphabetic: ofUnicode(/\p{Alphabetic}/u),
}

/** Java's names of binary properties, as JavaScript writes them. */
const BINARY: Readonly<Record<string, string>> = {
  ALPHABETIC: 'Alphabetic',
  IDEOGRAPHIC: 'Ideographic',
  LETTER: 'L',
  LOWERCASE: 'Lowercase',
  UPPERCASE: 'Uppercase',
  TITLECASE: 'Lt',
  PUNCTUATION: 'P',
  CONTROL: 'Cc',
  WHITE_SPACE: 'White_Space',
  WHITESPACE: 'White_Space',
  DIGIT: 'Nd',
  HEX_DIGIT: 'Hex_Digit',
  HEXDIGIT: 'Hex_Digit',
  EMOJI: 'Emoji',
}

/** Blocks by name, without blanks, hyphens and underscores. */
const BLOCKS: Readonly<Record<string, readonly [number, number]>> = {
  BASICLATIN: [0x0, 0x7f],
  LATIN1SUPPLEMENT: [0x80, 0xff],
  GREEK: [0x370, 0x3ff],
  GREEKANDCOPTIC: [0x370, 0x3ff],
  CYRILLIC: [0x400, 0x4ff],
  GENERALPUNCTUATION: [0x2000, 0x206f],
  CJKSYMBOLSANDPUNCTUATION: [0x3000, 0x303f],
  HIRAGANA: [0x3040, 0x309f],
  KATAKANA: [0x30a0, 0x30ff],
  BOPOMOFO: [0x3100, 0x312f],
  CJKUNIFIEDIDEOGRAPHSEXTENSIONA: [0x3400, 0x4dbf],
  CJKUNIFIEDIDEOGRAPHS: [0x4e00, 0x9fff],
  HANGULSYLLABLES: [0xac00, 0xd7af],
  CJKCOMPATIBILITYIDEOGRAPHS: [0xf900, 0xfaff],
  HALFWIDTHANDFULLWIDTHFORMS: [0xff00, 0xffef],
}

function property(name: string): Class | undefined {
  try {
    return ofUnicode(new RegExp(`\\p{${name}}`, 'u'))
  } catch {
    return undefined // JavaScript refuses an unknown property: that is the answer "none"
  }
}

const known = new Map<string, Class | undefined>()

/** The class of a name such as `L`, `IsHan`, `InCJKUnifiedIdeographs`, `Alpha`; undefined if there is none. */
export function classNamed(name: string): Class | undefined {
  if (!known.has(name)) known.set(name, find(name))
  return known.get(name)
}

function find(name: string): Class | undefined {
  const assigned = /^(script|sc|block|blk|general_category|gc)=([A-Za-z_ -]+)$/i.exec(name)
  if (assigned !== null) {
    const [, key = '', value = ''] = assigned
    if (/^s/i.test(key)) return property(`Script=${titled(value)}`)
    return /^b/i.test(key) ? block(value) : property(`gc=${value}`)
  }
  if (name.startsWith('In')) return block(name.slice(2))
  if (name.startsWith('Is')) {
    const rest = name.slice(2)
    const binary = BINARY[rest.toUpperCase()]
    return binary === undefined ? (property(`Script=${titled(rest)}`) ?? category(rest)) : property(binary)
  }
  return Object.hasOwn(NAMED, name) ? NAMED[name] : category(name)
}

const category = (name: string): Class | undefined =>
  /^(?:[LMNPSZC][a-z]?|LC)$/.test(name) ? property(`gc=${name}`) : undefined

const titled = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).toLowerCase()

function block(name: string): Class | undefined {
  const range = BLOCKS[name.toUpperCase().replace(/[ _-]/g, '')]
  return range && ((code) => code >= range[0] && code <= range[1])
}
