import type { PsaCall } from '../admin/psa-call.js';
import type { CallContext } from '../admin/psa-model.js';
import type { ApiPath } from './api-path.js';
import type { ApiUser } from './api-users.js';
import type { PageMemory } from './query/page-memory.js';
import type { Switches } from './switches.js';

/** Everything that the answer to one call may depend on. */
export interface AutotaskContext extends CallContext {
  readonly call: PsaCall;
  readonly path: ApiPath;
  readonly switches: Switches;
  readonly pages: PageMemory;
  /** Who signed in; undefined for calls of the sandbox itself. */
  readonly user: ApiUser | undefined;
}
