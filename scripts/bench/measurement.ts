/** One line of the benchmark's table. */
export interface Measurement {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** What it must reach; none: told for comparison. */
  readonly target?: Target
}

type Target = { readonly atLeast: number } | { readonly atMost: number }

/** Whether a measurement reaches its target; `undefined` without one. */
export function reached({ value, target }: Measurement): boolean | undefined {
  if (target === undefined) return undefined
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost
}

/** The value below which a share (0–1) of `values` lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** The middle one of `values`. */
export const median = (values: readonly number[]): number => percentile(values, 0.5)
