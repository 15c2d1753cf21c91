/** How long one and the same fault is not told of again, milliseconds. */
const PAUSE = 60_000

/** Tells of faults, of one that comes again and again (a full disk) once a minute. */
export function sparingly(report: (fault: unknown) => void): (fault: unknown) => void {
  let last = ''
  let told = Number.NEGATIVE_INFINITY
  return (fault) => {
    const text = String(fault)
    if (text === last && performance.now() - told < PAUSE) return
    last = text
    told = performance.now()
    report(fault)
  }
}
