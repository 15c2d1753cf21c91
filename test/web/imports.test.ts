import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Server files that also run in the browser: the procedure's words, and the checks of a filing. */
const shared = /^src\/(procedure\/[\w-]+|cases\/(credit-code|identity-number))\.ts$/

interface Import {
  file: string
  /** A path from the root, or a package. */
  target: string
  typesOnly: boolean
}

const statement = /^(?:import|export) (type )?(?:[^'"=]*? from )?'([^']*)'|\bimport\('([^']*)'\)/gm

function importsOf(file: string): Import[] {
  return Array.from(readFileSync(join(root, file), 'utf8').matchAll(statement), ([, type, statically, dynamically]) => {
    const specifier = statically ?? dynamically ?? ''
    const target = specifier.startsWith('.') ? join(dirname(file), specifier) : specifier
    return { file, target, typesOnly: type !== undefined }
  })
}

test('the pages import nothing but types of the server, and what is made for both', () => {
  const files = globSync('src/web/**/*.{ts,tsx}', { cwd: root, exclude: ['src/web/dist/**', 'src/web/vite.config.ts'] })
  const ofServer = files.flatMap(importsOf).filter(({ target }) => /^(src\/(?!web\/)|workers\/|node:)/.test(target))
  const values = ofServer.filter(({ typesOnly }) => !typesOnly)
  // Both kinds are found, or the rule would hold of nothing.
  expect(values.length).toBeGreaterThan(5)
  expect(ofServer.length).toBeGreaterThan(values.length)
  expect(values.filter(({ target }) => !shared.test(target))).toEqual([])
})

test('what is made for both needs neither Node nor anything else', () => {
  const files = globSync('src/{procedure,cases}/*.ts', { cwd: root }).filter((file) => shared.test(file))
  expect(files).toContain('src/cases/credit-code.ts')
  expect(files.flatMap(importsOf).filter(({ target }) => !shared.test(target))).toEqual([])
})
