import { cpus, totalmem } from 'node:os'
import { type Measurement, reached } from './measurement.ts'

/** The measurements as a table for the terminal, one line each. */
export function asText(measurements: readonly Measurement[]): string {
  const width = Math.max(...measurements.map(({ what }) => what.length))
  return measurements
    .map(
      (one) =>
        `${sign(one)} ${one.what.padEnd(width)} ${number(one.value).padStart(10)} ${one.unit.padEnd(14)} ${limit(one)}`,
    )
    .join('\n')
}

/** The page `docs/technical/performance.md`. */
export function asPage(measurements: readonly Measurement[], at: Date): string {
  const [processor] = cpus()
  const rows = measurements.map(
    (one) => `| ${one.what.trim()} | ${number(one.value)} ${one.unit} | ${limit(one)} | ${sign(one)} |`,
  )
  return [
    '# Performance',
    '',
    'Written by `npm run bench -- --write`; measured side by side in one run. Speed is measured here, never asserted in tests.',
    '',
    `${at.toISOString().slice(0, 10)}, ${cpus().length} cores (${processor?.model.trim() ?? 'unknown'}), ` +
      `${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, fsync on.`,
    '',
    '![measured against target](images/performance.svg)',
    '',
    '| what | measured | target | |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

const ROW = 26
const LABEL = 520
const BAR = 300

/** A picture: each measurement that has a target as a bar; the line in the middle is the target, right of it is better. */
export function asPicture(measurements: readonly Measurement[]): string {
  const aimed = measurements.filter(({ target }) => target !== undefined)
  const height = aimed.length * ROW + 44
  const middle = LABEL + BAR / 2
  const bars = aimed.map((one, index) => {
    // Factors of ten to either side; a bar ends at the edge.
    const length = Math.max(-1, Math.min(1, Math.log10(margin(one)))) * (BAR / 2)
    const top = 34 + index * ROW
    const colour = reached(one) ? '#2f7d4f' : '#b3402e'
    return (
      `<text x="${LABEL - 12}" y="${top + 15}" text-anchor="end">${escapeXml(one.what.trim())}</text>` +
      `<rect x="${middle + Math.min(0, length)}" y="${top + 3}" width="${Math.max(1.5, Math.abs(length))}" height="16" rx="2" fill="${colour}"/>` +
      `<text x="${LABEL + BAR + 12}" y="${top + 15}">${number(one.value)} ${escapeXml(one.unit)} (${limit(one)})</text>`
    )
  })
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LABEL + BAR + 260} ${height}" font-family="sans-serif" font-size="13" fill="#1f2933">` +
    `<rect width="100%" height="100%" fill="#fff"/>` +
    `<text x="${middle}" y="20" text-anchor="middle" fill="#52606d">dashed: the target; right of it is better, at the edge ten times</text>` +
    `<line x1="${middle}" x2="${middle}" y1="30" y2="${height - 8}" stroke="#9aa5b1" stroke-dasharray="3 3"/>${bars.join('')}</svg>\n`
  )
}

/** How many times better than its target. */
function margin({ value, target }: Measurement): number {
  if (target === undefined) return 1
  return 'atLeast' in target ? value / target.atLeast : target.atMost / Math.max(value, 1e-9)
}

function limit({ target }: Measurement): string {
  if (target === undefined) return ''
  return 'atLeast' in target ? `≥ ${number(target.atLeast)}` : `≤ ${number(target.atMost)}`
}

const sign = (one: Measurement): string => ({ true: '✓', false: '✗', undefined: ' ' })[String(reached(one)) as 'true']

const number = (value: number): string =>
  value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
