/** What the command's exit code says; documented in `trueup --help`, never reused. */
export const EXIT = {
  ok: 0,
  /** `status`, `doctor` or `reconciliation` found something wrong. */
  unhealthy: 1,
  /** The command line, a file or a setting is wrong; nothing was asked of the service. */
  usage: 2,
  /** Some events were rejected; the others were sent. */
  rejected: 3,
  /** The service refused the request. */
  refused: 4,
  /** The service could not be reached, or asks to come back later. */
  unavailable: 5,
  /** The token is unknown, expired, or may not do this. */
  denied: 6,
  /** A fault of this program. */
  bug: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The table of `trueup --help`. */
export const EXIT_CODES_TEXT = `Exit codes:
  0    done
  1    status, doctor or reconciliation found something wrong
  2    the command line, a file or a setting is wrong
  3    some events were rejected, the others are sent
  4    the service refused the request
  5    the service cannot be reached or asks to come back later
  6    the token is unknown, expired or may not do this
  70   a fault of this program
  130  interrupted (Ctrl-C)`;
