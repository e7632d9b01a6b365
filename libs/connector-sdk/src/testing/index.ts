export { type BenchOptions, Bench, wordsOf } from './bench.js';
export { MemoryLedger } from '../ledger/memory-ledger.js';
export { openBudget } from '../run/open-budget.js';
