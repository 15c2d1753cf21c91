import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import { TemplateError } from './errors.ts'
import { fontFamilies } from './fonts.ts'
import {
  chineseDate,
  chineseInteger,
  maskAccount,
  maskIdNumber,
  maskPhone,
  moneyFigures,
  moneyInCapitals,
  numericDate,
  numericDateTime,
  shortDate,
  timeSpan,
} from './format.ts'

/** A filled-in document as HTML. */
export type FillTemplate = (data: object) => string

interface HelperOptions {
  readonly loc?: unknown
  readonly hash: Readonly<Record<string, unknown>>
}

/** The page around every document; not a document itself. */
const layoutFile = 'layout.hbs'

/**
 * Reads and compiles every template of `directory` (`*.hbs`) with its partials (`partials/*.hbs`) and stylesheet
 * (`document.css`, the partial `stylesheet`).
 *
 * Templates are strict: a field that the data lacks, an unknown helper or partial is an error, never an empty place.
 *
 * @returns the compiled templates by file name
 * @throws TemplateError naming file and line when one cannot be read or compiled
 */
export function compileTemplates(directory: string): ReadonlyMap<string, FillTemplate> {
  const environment = Handlebars.create()
  for (const [name, helper] of Object.entries(helpers)) environment.registerHelper(name, helper)

  const partials = filesIn(directory, 'partials')
  for (const file of partials) {
    environment.registerPartial(file.slice('partials/'.length, -'.hbs'.length), compile(environment, directory, file))
  }
  const stylesheet = read(directory, 'document.css')
  environment.registerPartial('stylesheet', () => stylesheet)

  const layout = compile(environment, directory, layoutFile)
  return new Map(
    filesIn(directory)
      .filter((file) => file !== layoutFile)
      .map((file): [string, FillTemplate] => {
        const template = compile(environment, directory, file)
        return [file, (data) => layout({ ...data, body: new Handlebars.SafeString(template(data)) })]
      }),
  )
}

function filesIn(directory: string, folder = ''): string[] {
  try {
    return readdirSync(join(directory, folder))
      .filter((name) => name.endsWith('.hbs'))
      .map((name) => (folder === '' ? name : `${folder}/${name}`))
  } catch (cause) {
    throw new TemplateError(join(directory, folder), undefined, '目录无法读取', cause)
  }
}

function read(directory: string, file: string): string {
  try {
    return readFileSync(join(directory, file), 'utf8')
  } catch (cause) {
    throw new TemplateError(file, undefined, '文件无法读取', cause)
  }
}

/** Compiles one file; errors while it is filled in name it too, the innermost partial first. */
function compile(environment: typeof Handlebars, directory: string, file: string): Handlebars.TemplateDelegate {
  const source = read(directory, file)
  const options: CompileOptions = { strict: true, knownHelpersOnly: true, knownHelpers: knownHelpers() }
  try {
    // `compile` waits until the first use; errors of the template must come out when the program starts.
    environment.precompile(source, options)
  } catch (cause) {
    throw inTemplate(file, cause)
  }
  const template = environment.compile(source, options)
  return (context, runtimeOptions) => {
    try {
      return template(context, runtimeOptions)
    } catch (cause) {
      throw inTemplate(file, cause)
    }
  }
}

function inTemplate(file: string, cause: unknown): TemplateError {
  if (cause instanceof TemplateError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  const located = (cause as { lineNumber?: unknown }).lineNumber
  const line = typeof located === 'number' ? located : Number(/(?:line |- )(\d+)/.exec(message)?.[1] ?? Number.NaN)
  const missing = /^"(.+?)" not defined/.exec(message)?.[1]
  const reason = missing === undefined ? message : `数据中没有字段“${missing}”`
  return new TemplateError(file, Number.isNaN(line) ? undefined : line, reason, cause)
}

/** A helper that words one value; a missing or unsuitable value is an error of the template's line. */
function wording(word: (value: string) => string) {
  return (value: unknown, options: HelperOptions): string => {
    try {
      if (typeof value !== 'string') throw new RangeError('缺少要填写的值')
      return word(value)
    } catch (cause) {
      throw located(cause instanceof Error ? cause.message : String(cause), options)
    }
  }
}

function located(message: string, options: HelperOptions): Error {
  // The second argument carries the place in the template; the type declaration knows only syntax nodes.
  return new Handlebars.Exception(message, { loc: options.loc } as unknown as hbs.AST.Node)
}

/** A text as the content of a CSS string: page margins take the case number from the stylesheet. */
function cssString(value: string): Handlebars.SafeString {
  const escaped = [...value].map((character) =>
    /[\p{L}\p{N}（）〔〕]/u.test(character) ? character : `\\${character.codePointAt(0)?.toString(16)} `,
  )
  return new Handlebars.SafeString(`"${escaped.join('')}"`)
}

const families = fontFamilies()

const helpers = {
  money: wording(moneyFigures),
  capitals: wording(moneyInCapitals),
  chineseDate: wording(chineseDate),
  date: wording(numericDate),
  shortDate: wording(shortDate),
  dateTime: wording(numericDateTime),
  maskId: wording(maskIdNumber),
  maskPhone: wording(maskPhone),
  maskAccount: wording(maskAccount),
  timeSpan: (from: string, to: string) => timeSpan(from, to),
  /** 1-based number of a list entry. */
  ordinal: (index: number) => String(index + 1),
  /** 1-based number of a list entry in Chinese numerals. */
  chineseNumber: (index: number) => chineseInteger(index + 1),
  /** Names of a list, 、 between them. */
  names: (entries: readonly { readonly name: string }[]) => entries.map((entry) => entry.name).join('、'),
  list: (entries: readonly string[]) => entries.join('、'),
  /** Pages from `from` to `to`, one number when they are the same. */
  pageRange: (from: number, to: number) => (from === to ? String(from) : `${from}—${to}`),
  pageCount: (from: number, to: number) => String(to - from + 1),
  /** How many pages the entries of a catalogue have together. */
  pageTotal: (entries: readonly { readonly pageFrom: number; readonly pageTo: number }[]) =>
    String(entries.reduce((sum, entry) => sum + entry.pageTo - entry.pageFrom + 1, 0)),
  count: (entries: readonly unknown[]) => String(entries.length),
  equal: (one: unknown, other: unknown) => one === other,
  yesNo: (value: boolean, yes: string, no: string) => (value ? yes : no),
  /** Ends a sentence: adds 。 unless the text already ends with a mark. */
  sentence: (value: string) => (/[。！？；…]$/.test(value) ? value : `${value}。`),
  css: (value: unknown, options: HelperOptions) => {
    if (typeof value !== 'string') throw located('缺少要填写的值', options)
    return cssString(value)
  },
  font: (name: unknown, options: HelperOptions) => {
    const family = Object.entries(families).find(([key]) => key === name)?.[1]
    if (family === undefined) throw located(`没有名为“${String(name)}”的字体`, options)
    return new Handlebars.SafeString(family)
  },
}

function knownHelpers(): Record<string, boolean> {
  return Object.fromEntries(Object.keys(helpers).map((name) => [name, true]))
}
