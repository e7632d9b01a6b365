export type { Fault, FaultRun, Load, LoadedTenant, RuntimeNeeds } from './fault.js';
