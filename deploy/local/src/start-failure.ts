/** The runtime cannot go on; the message is the one sentence that a person needs, with the remedy. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}
