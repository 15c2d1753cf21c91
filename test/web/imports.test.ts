import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Server files that also run in the browser: the procedure's words, and the checks of a filing. */
const shared = /^src\/(procedure\/[\w-]+|cases\/(credit-code|identity-number))\.ts$/

interface Import {
  file: string
  /** What is imported, as a path from the root. */
  target: string
  typesOnly: boolean
}

/** The imports of a file by relative path. */
function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8')
  const found = source.matchAll(/^(?:import|export) (type )?(?:[^'"]*? from )?'(\.[^']*)'|\bimport\('(\.[^']*)'\)/gm)
  return Array.from(found, ([, type, statically, dynamically]) => ({
    file,
    target: relative(root, join(root, dirname(file), statically ?? dynamically ?? '')),
    typesOnly: type !== undefined,
  }))
}

const inBrowser = globSync('src/web/**/*.{ts,tsx}', { cwd: root }).filter((file) => !file.startsWith('src/web/dist/'))

test('the pages import nothing but types of the server, and what is made for both', () => {
  const outside = inBrowser.flatMap(importsOf).filter(({ target }) => !target.startsWith('src/web/'))
  const values = outside.filter(({ typesOnly }) => !typesOnly)
  // Both kinds are found, or the rule below would hold of nothing.
  expect(values.length).toBeGreaterThan(5)
  expect(outside.length).toBeGreaterThan(values.length)
  expect(values.filter(({ target }) => !shared.test(target))).toEqual([])
})

test('what runs in both places needs nothing of Node and of nobody else', () => {
  const files = globSync('src/{procedure,cases}/*.ts', { cwd: root }).filter((file) => shared.test(file))
  const needs = files.flatMap(importsOf).filter(({ target }) => !shared.test(target))
  const packages = files.filter((file) =>
    /^(?:import|export) [^'"]*'[^.']/m.test(readFileSync(join(root, file), 'utf8')),
  )
  expect({ needs, packages }).toEqual({ needs: [], packages: [] })
})
