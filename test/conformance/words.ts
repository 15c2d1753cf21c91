import type { Variables } from '../../src/engine/index.ts'

const UNITS = { D: 86_400_000, H: 3_600_000, M: 60_000, S: 1_000 } as const

/** Milliseconds of `PT1H30M`, `P1DT2H`, … */
export function milliseconds(duration: string): number {
  if (!/^P(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$/.test(duration)) throw new Error(`not a duration: ${duration}`)
  return [...duration.matchAll(/(\d+)([DHMS])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS],
    0,
  )
}

/** Camunda's own plan, which is not for another engine to announce. */
const PROMISE = /\. Support will be enabled with the resolution of issue #\d+/

/** A refusal in words that all engines share. */
export function refusal(message: string): string {
  const words = message.replace(PROMISE, '').trimEnd()
  return refusedElements(words) ?? words
}

/** Which elements a refused deployment names: each engine has its own words for what is wrong with them. */
function refusedElements(words: string): string | undefined {
  const [, list] =
    /^Expected to deploy new resources, but encountered the following errors:([\s\S]*)$/.exec(words) ?? []
  if (list === undefined) return undefined
  const ids = [...list.matchAll(/- Element: (\S+)|^'[^'\n]*': ([\w-]+): /gm)].map(
    ([, camunda, ours]) => camunda ?? ours,
  )
  return `the deployment is refused for ${[...new Set(ids)].sort().join(', ') || 'the file'}`
}

/** Variables under their name in a step's words; nothing when there are none. */
export const some = (variables: Variables) => (Object.keys(variables).length === 0 ? {} : { variables })

/** ` {"a":1}` of what is set. */
export function inBrackets(options: object): string {
  const text = JSON.stringify(options)
  return text === '{}' ? '' : ` ${text}`
}
