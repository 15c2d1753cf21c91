/** Raised when a DMN file cannot be used: names the element and the reason. */
export class DmnError extends Error {
  override readonly name = 'DmnError'
  /** Id of the offending element; undefined when the file as a whole is unreadable. */
  readonly elementId: string | undefined
  constructor(elementId: string | undefined, message: string) {
    super(message)
    this.elementId = elementId
  }
}
