/**
 * Rows as CSV that spreadsheet programs open with Chinese text intact (byte-order mark, CRLF; RFC 4180). A cell that a
 * spreadsheet would take for a formula gets a leading apostrophe, since its text may come from a party.
 */
export function csv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}

function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
