export { type CountedLine, type RemovedUnits, type Trip, isInScope, removedSince, unexplainedUnits } from './counted-line.js';
export { flooredSchedule } from './floored-schedule.js';
export { type GuardProblem, guardProblem } from './guard-problem.js';
export { judgeLine } from './judge-line.js';
export { judgeRun } from './judge-run.js';
export { type PostingWindow, opensAt, parsePostingWindow } from './posting-window.js';
export { type SpentBudget, spend, spentBudget } from './write-budget.js';
