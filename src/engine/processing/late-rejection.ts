import type { CommandRejection } from '../protocol/rejections.ts'

/**
 * Refuses a command that has already changed state, where a reason shows only while it is carried out. The runtime undoes
 * the transaction and answers with the rejection; rare by nature, since the commands beside it are carried out again.
 */
export class LateRejection extends Error {
  override readonly name = 'LateRejection'
  readonly rejection: CommandRejection

  constructor(rejection: CommandRejection) {
    super(rejection.message)
    this.rejection = rejection
  }
}
