// The court keeps Chinese standard time; the People's Republic has one zone and no summer time since 1991.
const offsetMs = 8 * 3_600_000

/** An instant as the process variables carry it: ISO-8601 with offset `+08:00`, to the second unless it has milliseconds. */
export function courtTime(instant: Date): string {
  const local = new Date(instant.getTime() + offsetMs).toISOString().replace('Z', '')
  return `${local.replace(/\.000$/, '')}+08:00`
}

/** The calendar date in the court's time zone, `YYYY-MM-DD`. */
export function courtDate(instant: Date): string {
  return courtTime(instant).slice(0, 10)
}
