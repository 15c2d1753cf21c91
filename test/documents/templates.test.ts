import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRenderer, TemplateError } from '../../src/documents/index.ts'
import { closingFull, court } from './samples.ts'
import { changedTemplates, templatesDirectory, temporaryDirectory } from './support.ts'

/** `preview` fills in the template without a browser; that is where templates fail. */
function rendererOf(directory: string) {
  return createRenderer({ templatesDirectory: directory, cacheDirectory: 'unused', court })
}

function errorOf(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

test('the court is named by the settings, not by the templates', () => {
  const renderer = createRenderer({ templatesDirectory, cacheDirectory: 'unused', court: { name: '测试县人民法院' } })
  const html = renderer.preview('closing-notice', { ...closingFull, basis: { number: '（2025）豫0922民初88号' } })
  expect(html).toContain('测试县人民法院')
  expect(html).not.toContain('清丰')
})

test('a template with broken syntax stops the program at its start, with file and line', async () => {
  const directory = await changedTemplates('closing-notice.hbs', (source) =>
    source.replace('{{#each facts}}', '{{#each facts}'),
  )
  const error = errorOf(() => rendererOf(directory))
  expect(error).toBeInstanceOf(TemplateError)
  expect(error).toMatchObject({ file: 'closing-notice.hbs', line: 4 })
  expect(String(error)).toContain('文书模板 closing-notice.hbs 第 4 行有误')
})

test('a template that asks for a field that is not there names it, with file and line', async () => {
  const directory = await changedTemplates('closing-notice.hbs', (source) =>
    source.replace('特此通知。', '特此通知。{{chief}}'),
  )
  const error = errorOf(() => rendererOf(directory).preview('closing-notice', closingFull))
  expect(error).toBeInstanceOf(TemplateError)
  expect(String(error)).toMatch(/closing-notice\.hbs 第 \d+ 行有误：数据中没有字段“chief”/)
})

test('an error inside a partial names the partial', async () => {
  const directory = await changedTemplates('partials/foot.hbs', (source) =>
    source.replace('{{chineseDate issuedAt}}', '{{chineseDate issued}}'),
  )
  const error = errorOf(() => rendererOf(directory).preview('closing-notice', closingFull))
  expect(error).toMatchObject({ file: 'partials/foot.hbs', line: 4 })
  expect(String(error)).toContain('缺少要填写的值')
})

test('an unknown helper is an error at the start', async () => {
  const directory = await changedTemplates('partials/foot.hbs', (source) => source.replace('chineseDate', 'lunarDate'))
  expect(errorOf(() => rendererOf(directory))).toMatchObject({ file: 'partials/foot.hbs' })
})

test('a template of the catalogue that is missing is an error at the start', async () => {
  const directory = await changedTemplates('closing-notice.hbs', (source) => `${source}\n`)
  await rm(join(directory, 'closing-notice.hbs'))
  expect(() => rendererOf(directory)).toThrow('文书模板 closing-notice.hbs有误')
})

test('a directory that is none is named', async () => {
  const missing = join(await temporaryDirectory('templates'), 'none')
  expect(() => rendererOf(missing)).toThrow(missing)
})
