export { type Candidate, type MatchReason, type Wanted } from './psa-directory.js';
export { normalisedName } from './normalised-name.js';
export { type Doubt, type Suggestion, suggestionsFor } from './suggestions-for.js';
