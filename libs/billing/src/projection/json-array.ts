/**
 * Documents as one JSON text for `json_array_elements`, beside columns in `unnest`: an array of texts would escape every quote in them
 * once more, on both sides.
 */
export const jsonArrayOf = (documents: readonly unknown[]): string => JSON.stringify(documents);
