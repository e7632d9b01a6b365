/** One thing that a connector needs of a deployment, and whether it was there. */
export interface RegistrationStep {
  what: string;
  state: 'exists' | 'created' | 'would be created' | 'renewed' | 'not needed';
  detail: string;
}

/** What a run does with what is missing. */
export interface RegistrationMode {
  /** Looks, changes nothing. */
  isDryRun: boolean;
  /** Makes new secrets in place of those that exist. */
  isRotating: boolean;
}

/** The state to report of something that is there, or that this run makes. */
export function stateOf(
  isPresent: boolean,
  { isDryRun, isRotating }: RegistrationMode,
  isSecret = false,
): RegistrationStep['state'] {
  if (isPresent && !(isSecret && isRotating)) return 'exists';
  if (isDryRun) return 'would be created';
  return isPresent ? 'renewed' : 'created';
}
