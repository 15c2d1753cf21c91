/** The data handed to a document does not fit. `issues` has one line a field: its Chinese name, its path, what is wrong. */
export class DocumentDataError extends Error {
  override readonly name = 'DocumentDataError'
  readonly issues: readonly string[]

  constructor(title: string, issues: readonly string[]) {
    super(`《${title}》的数据不完整或有误：${issues.join('；')}`)
    this.issues = issues
  }
}

/** A template cannot be read, compiled or filled in. `file` and `line` say where to look. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
  readonly file: string
  readonly line: number | undefined

  constructor(file: string, line: number | undefined, reason: string, cause?: unknown) {
    super(`文书模板 ${file}${line === undefined ? '' : ` 第 ${line} 行`}有误：${reason}`, { cause })
    this.file = file
    this.line = line
  }
}

/** No browser could be found or started; the message says what was tried and what to do. */
export class BrowserError extends Error {
  override readonly name = 'BrowserError'
}

/** The browser failed to print a document whose data and template were in order. Worth another try. */
export class DocumentRenderError extends Error {
  override readonly name = 'DocumentRenderError'
}

/** A part of an image dossier is not a readable PDF. */
export class PdfMergeError extends Error {
  override readonly name = 'PdfMergeError'
}
