import type { NameEntry } from '../fold/name-history.js';

/** Finds the names of customers and users; an empty or absent history means that none was ever seen. */
export interface NameBook {
  customer(customerCode: string): readonly NameEntry[] | undefined;
  user(customerCode: string, userCode: string): readonly NameEntry[] | undefined;
}
