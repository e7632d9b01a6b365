import type { FaultAnswers } from '../admin/psa-model.js';
import { applicationError, frameworkError } from './refusal.js';

/** How Autotask words the failures that faults pretend. */
export const autotaskFaultAnswers: FaultAnswers = {
  timeoutExpired: applicationError(
    'Timeout expired.  The timeout period elapsed prior to completion of the operation or the server is not responding.',
  ),
  tooManyRequests: frameworkError(429, 'Too many requests.'),
  failure: (text) => (text === undefined ? frameworkError(500, 'An error has occurred.') : applicationError(text)),
};
