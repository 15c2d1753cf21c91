// Measures the engine, beside real Camunda where Java is there:
// `npm run bench [-- --json] [--write] [--only NAME,…] [--waiting N]`; `--write` renews docs/technical/performance.md.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchFeel } from './bench/feel.ts'
import { benchInProcess } from './bench/in-process.ts'
import { benchManyWaiting } from './bench/many-waiting.ts'
import type { Measurement } from './bench/measurement.ts'
import { benchNetwork } from './bench/network.ts'
import { asPage, asPicture, asText } from './bench/report.ts'
import { benchSearch } from './bench/search.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    only: { type: 'string' },
    waiting: { type: 'string', default: '1000000' },
  },
})

const root = join(import.meta.dirname, '..')
mkdirSync(join(root, '.cache'), { recursive: true })
// Beside the product, not in a temporary directory that may be in memory: the disk is part of what is measured.
const folder = mkdtempSync(join(root, '.cache', 'bench-'))
const benches: Record<string, () => Promise<Measurement[]>> = {
  'in-process': () => benchInProcess(folder),
  network: () => benchNetwork(folder),
  feel: () => benchFeel(),
  waiting: () => benchManyWaiting(folder, Number(options.waiting)),
  search: () => benchSearch({ directory: join(folder, 'search'), instances: Number(options.waiting) }),
}
const measurements: Measurement[] = []
try {
  for (const name of options.only?.split(',') ?? Object.keys(benches)) {
    const bench = benches[name]
    if (bench === undefined) throw new Error(`--only ${name}: choose from ${Object.keys(benches).join(', ')}`)
    console.error(`${name} …`)
    measurements.push(...(await bench()))
  }
} finally {
  rmSync(folder, { recursive: true })
}
console.log(options.json ? JSON.stringify(measurements, null, 2) : asText(measurements))
if (options.write) {
  const documents = join(root, 'docs', 'technical')
  mkdirSync(join(documents, 'images'), { recursive: true })
  writeFileSync(join(documents, 'performance.md'), asPage(measurements, new Date()))
  writeFileSync(join(documents, 'images', 'performance.svg'), asPicture(measurements))
}
