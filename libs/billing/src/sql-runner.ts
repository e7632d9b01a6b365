/** A DataSource or the EntityManager of a running transaction: whatever can run one statement. */
export interface SqlRunner {
  query<T = unknown>(sql: string, parameters?: unknown[]): Promise<T>;
}
