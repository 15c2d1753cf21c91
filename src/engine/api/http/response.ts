/** The answer of a handler: JSON, text or bytes of another type, or nothing. */
export type ApiResponse =
  | { status: number; json: unknown }
  | { status: number; text: string; contentType: string }
  | { status: number; bytes: Uint8Array; contentType: string; headers?: Record<string, string> }
  | { status: 200 | 204 }
